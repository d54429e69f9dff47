package inbound

import "github.com/onsi/gomega"

var succeed = gomega.Succeed
