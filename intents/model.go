package intents

import (
	"bytes"
	_ "embed" // the model
	"encoding/json"
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
func EmbeddedModel(p *Pack) (*understand.Model, bool, error) { return Unstamp(p, model) }

// Unstamp reads a stamped model; false when it was trained from other texts
// than p's.
func Unstamp(p *Pack, stamped []byte) (*understand.Model, bool, error) {
	if len(stamped) < stampLen || !bytes.Equal(stamped[:stampLen], []byte(p.Training)) {
		return nil, false, nil
	}
	m, err := understand.Decode(stamped[stampLen:])
	if err != nil {
		return nil, false, fmt.Errorf("read the model: %w", err)
	}
	return m, true, nil
}

// Missed is one example the model understands otherwise than it is meant, as
// training found it.
type Missed struct {
	Window string  `json:"window"`
	Text   string  `json:"text"`
	Got    string  `json:"got"` // the window understood instead
	Score  float64 `json:"score"`
}

// Misses are what a model gets wrong of the texts it was trained from.
type Misses struct {
	Training string   `json:"training"` // hash of the texts
	Missed   []Missed `json:"missed"`
}

//go:embed model.misses.json
var misses []byte

// EmbeddedMisses are those of the model inside the program; false when p has
// other texts.
func EmbeddedMisses(p *Pack) ([]Missed, bool) {
	var m Misses
	if err := json.Unmarshal(misses, &m); err != nil || m.Training != p.Training {
		return nil, false
	}
	return m.Missed, true
}
