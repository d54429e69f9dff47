package published

import "github.com/loopmatrix/loopmatrix/reports/model"

// Wanted lists the kinds of system that the table wants a column of, measured or not (model.Matrix.Wanting).
func Wanted() []model.Wanted {
	return []model.Wanted{
		{Family: "macos", Title: "macOS"},
		{Family: "windows", Title: "Windows"},
		{Family: "freebsd", Title: "FreeBSD"},
		{Family: "openbsd", Title: "OpenBSD"},
		{Family: "netbsd", Title: "NetBSD"},
		{Family: "dragonfly", Title: "DragonFly BSD"},
	}
}
