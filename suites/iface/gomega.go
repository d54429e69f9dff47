package iface

import "github.com/onsi/gomega"

// The matchers of preconditions.
var succeed = gomega.Succeed
