// Command cgokit is a program that needs the C library of its system.
package main

// #include <stdio.h>
import "C"

func main() { C.puts(C.CString("begun")) }
