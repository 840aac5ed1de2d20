package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"regexp"
	"strings"

	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/seal"
	"github.com/tsunagu-chat/tsunagu/internal/session"
	"github.com/tsunagu-chat/tsunagu/internal/store"
)

// kept is where a deployment keeps what it knows, opened by a command beside
// the running service.
type kept struct {
	*store.Store
	session *session.Session // nil: the live state is in the service's own process
}

// openKept opens the database, and Redis when it has an address. It never
// makes a database or a key.
func openKept(ctx context.Context, cfg config) (*kept, error) {
	if cfg.DatabaseURL == "" {
		return nil, wrongUsage("DATABASE_URL is not set: %s", "postgres://user:password@host/database, or sqlite:PATH for one machine")
	}
	if path, ok := strings.CutPrefix(cfg.DatabaseURL, "sqlite:"); ok {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return nil, wrongUsage("DATABASE_URL: there is no file %s", path)
		}
		if cfg.DataKeys == "" {
			if _, err := os.Stat(path + ".key"); err != nil {
				return nil, wrongUsage("DATA_KEY is not set, and no key lies beside %s", path)
			}
			key, err := keyBeside(cfg.DatabaseURL)
			if err != nil {
				return nil, err
			}
			cfg.DataKeys = key
		}
	}
	if cfg.DataKeys == "" {
		return nil, wrongUsage("DATA_KEY is not set: what residents wrote can only be read with it")
	}
	keys, err := seal.ParseKeys(cfg.DataKeys)
	if err != nil {
		return nil, wrongUsage("DATA_KEY: %v", err)
	}
	sealed, err := seal.New(keys...)
	if err != nil {
		return nil, wrongUsage("DATA_KEY: %v", err)
	}
	st, err := store.Open(ctx, store.Config{URL: cfg.DatabaseURL, Seal: sealed, Log: slog.New(slog.DiscardHandler)})
	switch {
	case errors.Is(err, store.ErrSchema):
		return nil, wrongUsage("%v", err)
	case errors.Is(err, seal.ErrKey):
		return nil, wrongUsage("DATA_KEY: %v", err)
	case err != nil:
		return nil, fmt.Errorf("open the database (DATABASE_URL): %w", err)
	}
	k := &kept{Store: st}
	if cfg.RedisURL == "" {
		return k, nil
	}
	if k.session, err = session.Open(session.Config{URL: cfg.RedisURL, Seal: sealed}); err != nil {
		return nil, errors.Join(wrongUsage("REDIS_URL: %v", err), st.Close())
	}
	return k, nil
}

// Close lets go of both.
func (k *kept) Close() error {
	err := k.Store.Close()
	if k.session != nil {
		err = errors.Join(err, k.session.Close())
	}
	return err
}

// How a resident can be named.
var (
	isPseudonym  = regexp.MustCompile(`^r-[a-z2-7]{24}$|^h-[0-9a-f]{26}$`)
	isLINEUser   = regexp.MustCompile(`^U[0-9a-f]{32}$`)
	isCaseNumber = regexp.MustCompile(`^T-[2-9A-HJ-NP-Z]{6}$`)
)

// errNobody reports that nothing is kept of who was named.
var errNobody = errors.New("nothing is kept of anybody by this name")

// who finds a resident by what the command was given: the resident's id, a
// case's number, or the LINE user id. It returns the id, and the name by which
// an erasure knows them. Errors never quote what was given: it could be a LINE
// user id.
func (k *kept) who(ctx context.Context, given string) (resident, name string, err error) {
	switch number := strings.ToUpper(given); {
	case isPseudonym.MatchString(given):
		return given, given, nil
	case isLINEUser.MatchString(given):
		id := k.Pseudonym(given)
		return id, id, nil
	case isCaseNumber.MatchString(number):
		residents, err := k.ResidentOf(ctx, number)
		switch {
		case err != nil:
			return "", "", err
		case len(residents) > 1:
			return "", "", wrongUsage("cases of two people have the number %s: name the resident's id instead, %s", number, strings.Join(residents, " or "))
		case len(residents) == 0:
			return "", number, errNobody
		}
		return residents[0], number, nil
	}
	return "", "", wrongUsage("RESIDENT is neither a case's number (T-…), nor a resident's id (r-…), nor a LINE user id (U and 32 digits)")
}

// oneResident takes the one argument of export and erase.
func oneResident(given []string, name string) (string, error) {
	switch len(given) {
	case 0:
		return "", wrongUsage("RESIDENT is missing: a case's number (T-…), a resident's id (r-…) or a LINE user id; \"tsunagu %s --help\" tells more", name)
	case 1:
		return strings.TrimSpace(given[0]), nil
	}
	return "", wrongUsage("one RESIDENT at a time; \"tsunagu %s --help\" tells more", name)
}

// gone reports that nothing is kept of somebody.
func gone(err error) bool { return errors.Is(err, reception.ErrNotFound) }
