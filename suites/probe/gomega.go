package probe

import "github.com/onsi/gomega"

var (
	haveOccurred = gomega.HaveOccurred
	equal        = gomega.Equal
)
