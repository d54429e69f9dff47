package inbound

import "github.com/onsi/gomega"

// The matchers of preconditions.
var (
	equal        = gomega.Equal
	haveOccurred = gomega.HaveOccurred
	succeed      = gomega.Succeed
)
