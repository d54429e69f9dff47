//go:build unix

package release

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// image has release/image make an image of a binary, and gives the archive.
func image(t *testing.T, system, content string) []byte {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "a b")
	write(t, filepath.Join(dir, "kit"), content)
	script, err := filepath.Abs("image")
	if err != nil {
		t.Fatal(err)
	}
	unable.Skip(t, exec.CommandContext(t.Context(), "tar", "--sort=name", "--version").Run()) // GNU tar
	must(t, dir, nil, "bash", script, "kit", system, "arm64", "v0.1.0", "1790000000", "out put")
	b, err := os.ReadFile(filepath.Join(dir, "out put/loopmatrix-"+system+"-arm64.oci.tar"))
	if os.IsNotExist(err) {
		return nil
	}
	gomega.NewWithT(t).Expect(err).NotTo(gomega.HaveOccurred())
	return b
}

// unpack reads an archive: the files by their names, folders with their modes.
func unpack(t *testing.T, archive io.Reader) map[string]string {
	t.Helper()
	g := gomega.NewWithT(t)
	files := map[string]string{}
	for r := tar.NewReader(archive); ; {
		h, err := r.Next()
		if err == io.EOF { //nolint:errorlint // it is never wrapped
			return files
		}
		g.Expect(err).NotTo(gomega.HaveOccurred())
		g.Expect(h.ModTime.Unix()).To(gomega.BeEquivalentTo(1790000000))
		g.Expect(h.Uid + h.Gid).To(gomega.BeZero())
		b, err := io.ReadAll(r)
		g.Expect(err).NotTo(gomega.HaveOccurred())
		if h.Typeflag == tar.TypeDir {
			b = fmt.Appendf(nil, "%o", h.Mode)
		}
		files[h.Name] = string(b)
	}
}

// TestImage follows an image from its index to the kit, comparing every sum and size on the way.
func TestImage(t *testing.T) {
	g := gomega.NewWithT(t)
	made := image(t, "linux", "the kit")
	g.Expect(image(t, "linux", "the kit")).To(gomega.Equal(made), "the same in, the same out")
	g.Expect(image(t, "freebsd", "the kit")).To(gomega.BeNil())
	files := unpack(t, bytes.NewReader(made))
	g.Expect(files["oci-layout"]).To(gomega.MatchJSON(`{"imageLayoutVersion": "1.0.0"}`))

	type descriptor struct {
		MediaType, Digest string
		Size              int
		Platform          struct{ OS, Architecture string }
		Annotations       map[string]string
	}
	blob := func(d descriptor) string {
		hex, is := strings.CutPrefix(d.Digest, "sha256:")
		g.Expect(is).To(gomega.BeTrue())
		content := files["blobs/sha256/"+hex]
		g.Expect(fmt.Sprintf("%x", sha256.Sum256([]byte(content)))).To(gomega.Equal(hex))
		g.Expect(content).To(gomega.HaveLen(d.Size))
		return content
	}
	parse := func(content string, into any) { g.Expect(json.Unmarshal([]byte(content), into)).To(gomega.Succeed()) }
	var index struct{ Manifests []descriptor }
	parse(files["index.json"], &index)
	g.Expect(index.Manifests).To(gomega.HaveLen(1))
	g.Expect(index.Manifests[0].Platform.Architecture).To(gomega.Equal("arm64"))
	g.Expect(index.Manifests[0].Annotations).To(gomega.HaveKeyWithValue("org.opencontainers.image.ref.name", "loopmatrix:v0.1.0"))
	var manifest struct {
		Config descriptor
		Layers []descriptor
	}
	parse(blob(index.Manifests[0]), &manifest)
	g.Expect(manifest.Layers).To(gomega.HaveLen(1))
	var config struct {
		OS, Architecture string
		Config           struct{ Entrypoint []string }
		RootFS           struct {
			DiffIDs []string `json:"diff_ids"`
		}
	}
	parse(blob(manifest.Config), &config)
	g.Expect(config.OS + "/" + config.Architecture).To(gomega.Equal("linux/arm64"))
	g.Expect(config.Config.Entrypoint).To(gomega.Equal([]string{"/loopmatrix"}))
	unzipped, err := gzip.NewReader(strings.NewReader(blob(manifest.Layers[0])))
	g.Expect(err).NotTo(gomega.HaveOccurred())
	layer, err := io.ReadAll(unzipped)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(config.RootFS.DiffIDs).To(gomega.Equal([]string{fmt.Sprintf("sha256:%x", sha256.Sum256(layer))}))
	g.Expect(unpack(t, bytes.NewReader(layer))).To(gomega.Equal(map[string]string{"loopmatrix": "the kit", "tmp/": "1777"}))
}
