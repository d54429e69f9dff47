package remote

func parentOfACommand() {}
