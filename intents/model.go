package intents

import (
	"bytes"
	_ "embed" // the model
	"fmt"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// model is written by "tsunagu train"; go generate does the same.
//
//go:generate go run ../cmd/tsunagu train
//go:embed model.bin
var model []byte

// Seed makes training reproducible.
const Seed = 20261123

// stampLen is the length of the hash of the texts a model was trained from.
const stampLen = 16

// Stamp puts the texts' hash before a model, so that a model of other texts is
// never taken for this pack's.
func Stamp(p *Pack, model []byte) []byte {
	return append([]byte(p.Training), model...)
}

// EmbeddedModel returns the model inside the program; false when it was
// trained from other texts than p's.
func EmbeddedModel(p *Pack) (*understand.Model, bool, error) {
	if len(model) < stampLen || !bytes.Equal(model[:stampLen], []byte(p.Training)) {
		return nil, false, nil
	}
	m, err := understand.Decode(model[stampLen:])
	if err != nil {
		return nil, false, fmt.Errorf("read the embedded model: %w", err)
	}
	return m, true, nil
}
