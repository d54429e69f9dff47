package capacity

import "slices"

// Gauge reads what the kernel says about memory and files.
type Gauge interface {
	// Free is how much memory can still be taken without harm, in bytes; false if the system does
	// not say.
	Free() (int64, bool)
	// Files is how many more files the system can open, and how many it can have; false if nothing
	// bounds this user, or the system does not say.
	Files() (left, of int64, known bool)
	// Sockets is how many TCP sockets the kernel counts; false if it does not say.
	Sockets() (int, bool)
	// Cost is the account that listeners are paid from, and its name; false if there is none.
	Cost() (bytes int64, name string, known bool)
	// Accounts are all accounts of what the kernel has spent.
	Accounts() []Reading
}

// Reading is the state of an account.
type Reading struct {
	Name  string
	Bytes int64
	// Object is the size of one object, if the account is of objects of one kind; 0 if it is not.
	Object int64
}

// Machine is the gauge of this machine.
func Machine() Gauge { return machine{} }

type machine struct{}

// compared joins the accounts of before and after. Of those of one kind of object it keeps the ones
// that have grown by an object for every other listener at least: these are what a listener
// consists of.
func compared(before, after []Reading, held int) []Account {
	var out []Account
	for _, now := range after {
		i := slices.IndexFunc(before, func(r Reading) bool { return r.Name == now.Name })
		if i >= 0 && (held > 0 || now.Object == 0) && now.Bytes-before[i].Bytes >= int64(held)/2*now.Object {
			out = append(out, Account{now.Name, before[i].Bytes, now.Bytes})
		}
	}
	return out
}

// fewest is how many listeners it takes to separate what one costs from what else the kernel does
// meanwhile.
const fewest = 10_000

// each is what one listener costs, in bytes: the median of by how much the account has grown per
// listener, each time from one point of the way to the one that lies half of the way ahead. What
// others do meanwhile is in some of these and not in most of them. It is 0 if there are too few, or
// if nothing has grown.
func each(way []milestone) float64 {
	half := len(way) / 2
	if half == 0 || way[len(way)-1].held < fewest {
		return 0
	}
	var slopes []float64
	for i, from := range way[:len(way)-half] {
		if to := way[i+half]; from.known && to.known && to.held > from.held {
			slopes = append(slopes, float64(to.cost-from.cost)/float64(to.held-from.held))
		}
	}
	if len(slopes) == 0 {
		return 0
	}
	slices.Sort(slopes)
	return max(slopes[len(slopes)/2], 0)
}
