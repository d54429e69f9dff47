package fake

// offhostFaults are for the one claim of family offhost that needs no wire.
func offhostFaults() []Fault {
	return []Fault{{
		Name:   "route-localnet-on",
		Does:   "The check that keeps 127.0.0.0/8 off the network is switched off.",
		Turns:  []string{"v4.forward.default"},
		Inject: func(m *Machine) { m.Network.Switches["net.ipv4.conf.all.route_localnet"] = "1" },
	}}
}
