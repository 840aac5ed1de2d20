package store

import (
	"context"
	"errors"
	"io"

	"github.com/tsunagu-chat/tsunagu/migrations"
)

// Migrations opens a database only to change its schema; close it afterwards.
func Migrations(ctx context.Context, cfg Config) (*migrations.Migrations, io.Closer, error) {
	e, err := openEngine(ctx, cfg)
	if err != nil {
		return nil, nil, err
	}
	m, err := migrations.New(e.writer(), e.name(), cfg.Log)
	if err != nil {
		return nil, nil, errors.Join(err, e.Close())
	}
	return m, e, nil
}
