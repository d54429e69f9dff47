package probe

import (
	"encoding/binary"
	"math/rand/v2"
	"sync/atomic"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
)

// NonceSize is the length of a nonce in bytes.
const NonceSize = 16

var issued atomic.Uint64

// Nonce makes a payload that no other probe of this run carries: a running number and 64 bits from
// the seed.
func Nonce(h *host.Host) []byte {
	n := issued.Add(1)
	random := rand.New(rand.NewPCG(h.Seed, n)) //nolint:gosec // it must be unlike the others, not secret
	b := binary.BigEndian.AppendUint64(make([]byte, 0, NonceSize), n)
	return binary.BigEndian.AppendUint64(b, random.Uint64())
}
