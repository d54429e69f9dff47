//go:build darwin || dragonfly || freebsd

package wire

import "fmt"

// free gives the first name of an interface that does not exist, of those that are this word and a
// number.
func free(word string, from int) (string, error) {
	for n := range attempts {
		name := fmt.Sprint(word, from+n)
		if !exists(name) {
			return name, nil
		}
	}
	return "", fmt.Errorf("interfaces %s%d to %s%d exist already", word, from, word, from+attempts-1)
}
