package main

import "golang.org/x/sys/windows"

// outputCodePage is the code page in which this process's console shows what programs write; 0 if
// it has no console.
func outputCodePage() uint32 {
	page, err := windows.GetConsoleOutputCP()
	if err != nil {
		return 0
	}
	return page
}
