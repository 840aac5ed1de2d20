package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime/debug"
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
		return unlessEnded(ctx, err)
	}
	err = service.Run(ctx, func(a net.Addr) {
		service.log.InfoContext(ctx, "serving", "addr", a.String(), "database", service.engine, "content", service.bot().Content().Version)
		_, _ = fmt.Fprintf(s.out, "serving on %s\n", a)
		debug.FreeOSMemory() // what reading the pack and its model took is needed no more
	})
	return unlistenable(err, "LISTEN_ADDR "+cfg.ListenAddr)
}

// unlistenable makes a usage error of an address nobody can listen on, with
// what named it: another address mends it.
func unlistenable(err error, named string) error {
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "listen" {
		return wrongUsage("%s cannot be listened on (%w): end what uses it, or name another port", named, op.Err)
	}
	return err
}

// unlessEnded drops what went wrong because the process was asked to end
// while it was starting: that is no failure.
func unlessEnded(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}
