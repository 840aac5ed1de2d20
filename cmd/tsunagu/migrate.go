package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/store"
	"github.com/tsunagu-chat/tsunagu/migrations"
)

// migrateCommand changes the database's schema.
func migrateCommand(ctx context.Context, args []string, s streams) error {
	f := flags("migrate", s)
	if err := parse(f, args); err != nil {
		return err
	}
	what := f.Arg(0)
	if what == "" {
		what = "up"
	}
	if err := atMost(f, 1); err != nil {
		return err
	}
	if what != "up" && what != "down" && what != "status" && what != "reseal" {
		return wrongUsage("%q is not up, down, status or reseal", what)
	}
	cfg, err := readConfig(s.env, false)
	if err != nil {
		return err
	}
	if cfg.DatabaseURL == "" {
		return wrongUsage("DATABASE_URL is not set: postgres://user:password@host/database, or sqlite:PATH for one machine")
	}
	if what == "reseal" {
		return reseal(ctx, cfg, s)
	}
	m, db, err := store.Migrations(ctx, store.Config{URL: cfg.DatabaseURL})
	if err != nil {
		return fmt.Errorf("open the database (DATABASE_URL): %w", err)
	}
	defer func() { _ = db.Close() }()
	switch what {
	case "up":
		done, err := m.Up(ctx)
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(s.out, "schema is at version %d (%d applied)\n", migrations.Latest(), len(done))
	case "down":
		version, err := m.Down(ctx)
		if errors.Is(err, migrations.ErrAtBottom) {
			_, _ = fmt.Fprintln(s.out, "the database has no schema")
			return nil
		}
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(s.out, "version %d was taken back\n", version)
	case "status":
		states, err := m.Status(ctx)
		if err != nil {
			return err
		}
		for _, v := range states {
			when := "not applied"
			if v.Applied {
				when = "applied " + v.AppliedAt.UTC().Format(time.RFC3339)
			}
			_, _ = fmt.Fprintf(s.out, "%4d  %-32s %s\n", v.Version, v.Name, when)
		}
	}
	return nil
}

// reseal seals with the first key of DATA_KEY whatever another sealed.
func reseal(ctx context.Context, cfg config, s streams) error {
	cfg.RedisURL = "" // what lives there seals itself anew at the next turn, or ends
	k, err := openKept(ctx, cfg)
	if err != nil {
		return err
	}
	n, err := k.Reseal(ctx)
	if err = errors.Join(err, k.Close()); err != nil {
		return fmt.Errorf("sealed %d values anew, then stopped; run it again: %w", n, err)
	}
	_, _ = fmt.Fprintf(s.out, "sealed %d values anew; everything in the database opens with the first key alone\n", n)
	return nil
}
