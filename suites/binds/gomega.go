package binds

import "github.com/onsi/gomega"

// The matchers of preconditions.
var (
	haveOccurred = gomega.HaveOccurred
	beTrue       = gomega.BeTrue
	succeed      = gomega.Succeed
)
