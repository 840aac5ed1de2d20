package main

import (
	"context"
	"fmt"
	"net"
)

// serveCommand is the service.
func serveCommand(ctx context.Context, args []string, s streams) error {
	f := flags("serve", s)
	if err := parse(f, args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return wrongUsage("serve takes no arguments; it is configured by the environment (docs/operations.md)")
	}
	cfg, err := readConfig(s.env, true)
	if err != nil {
		return err
	}
	if cfg.DataKeys == "" { // SQLite on one machine: the key lies beside the database
		if cfg.DataKeys, err = keyBeside(cfg.DatabaseURL); err != nil {
			return err
		}
	}
	service, err := newService(ctx, cfg, serviceOptions{Menus: true})
	if err != nil {
		return err
	}
	return service.Run(ctx, func(a net.Addr) {
		service.log.InfoContext(ctx, "serving", "addr", a.String(), "database", service.engine, "content", service.bot().Content().Version)
		_, _ = fmt.Fprintf(s.out, "serving on %s\n", a)
	})
}
