// Package block tests that the whole of 127.0.0.0/8 loops back.
//
// RFC 1122 3.2.1.3(g) reserves the block as "internal host loopback address", and RFC 5735 section 3 says that a
// datagram to any address of it "loops back inside the host", while "ordinarily" only 127.0.0.1/32 is implemented.
package block
