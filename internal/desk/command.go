package desk

import (
	"encoding/json"
	"fmt"
)

type wireCommand struct {
	Command
	Kind string          `json:"kind"`
	Data json.RawMessage `json:"data"`
}

// Encode writes a command for the inbox.
func (c Command) Encode() ([]byte, error) {
	var kind string
	switch c.Action.(type) {
	case Take:
		kind = "take"
	case Release:
		kind = "release"
	case Reply:
		kind = "reply"
	case MoveTo:
		kind = "move"
	case Close:
		kind = "close"
	default:
		return nil, fmt.Errorf("encode command %s: unknown action %T", c.ID, c.Action)
	}
	data, err := json.Marshal(c.Action)
	if err != nil {
		return nil, fmt.Errorf("encode command %s: %w", c.ID, err)
	}
	return json.Marshal(wireCommand{Command: c, Kind: kind, Data: data})
}

// DecodeCommand reads what Encode wrote.
func DecodeCommand(b []byte) (Command, error) {
	var w wireCommand
	if err := json.Unmarshal(b, &w); err != nil {
		return Command{}, fmt.Errorf("decode command: %w", err)
	}
	decode := map[string]func() (Action, error){
		"take":    func() (Action, error) { return as[Take](w.Data) },
		"release": func() (Action, error) { return as[Release](w.Data) },
		"reply":   func() (Action, error) { return as[Reply](w.Data) },
		"move":    func() (Action, error) { return as[MoveTo](w.Data) },
		"close":   func() (Action, error) { return as[Close](w.Data) },
	}[w.Kind]
	if decode == nil {
		return Command{}, fmt.Errorf("decode command %s: unknown kind %q", w.ID, w.Kind)
	}
	action, err := decode()
	if err != nil {
		return Command{}, fmt.Errorf("decode command %s: %w", w.ID, err)
	}
	w.Action = action
	return w.Command, nil
}

func as[T Action](data []byte) (Action, error) {
	var t T
	err := json.Unmarshal(data, &t)
	return t, err
}
