package targets

// Kinds lists the kinds of targets, in the order of the documentation.
func Kinds() []Kind {
	return []Kind{
		localKind(),
		sshKind(),
		vagrantKind(),
		kernelKind(),
		runscKind(),
		wineKind(),
		stackKind(),
	}
}
