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
	if c.Action == nil {
		return nil, fmt.Errorf("encode command %s: it has no action", c.ID)
	}
	data, err := json.Marshal(c.Action)
	if err != nil {
		return nil, fmt.Errorf("encode command %s: %w", c.ID, err)
	}
	return json.Marshal(wireCommand{Command: c, Kind: c.Action.action(), Data: data})
}

// DecodeCommand reads what Encode wrote.
func DecodeCommand(b []byte) (Command, error) {
	var w wireCommand
	if err := json.Unmarshal(b, &w); err != nil {
		return Command{}, fmt.Errorf("decode command: %w", err)
	}
	for _, read := range actions() {
		action, ok, err := read(w.Kind, w.Data)
		if err != nil {
			return Command{}, fmt.Errorf("decode command %s: %w", w.ID, err)
		}
		if ok {
			w.Action = action
			return w.Command, nil
		}
	}
	return Command{}, fmt.Errorf("decode command %s: unknown kind %q", w.ID, w.Kind)
}

type readAction func(kind string, data []byte) (Action, bool, error)

// actions are all there are; an action that is missing here cannot be read.
func actions() []readAction {
	return []readAction{
		as[Take], as[Release], as[MoveTo], as[Accept], as[Refuse], as[CancelOffer], as[Invite], as[Join], as[Leave], as[Close],
		as[Reply], as[TakeBack], as[Propose], as[StepDone], as[AskConsent],
		as[Begin], as[Write], as[Promise], as[Kept], as[Snooze],
		as[AskPerson], as[Cannot], as[Talked], as[TalkLater],
	}
}

func as[T Action](kind string, data []byte) (Action, bool, error) {
	var t T
	if t.action() != kind {
		return nil, false, nil
	}
	err := json.Unmarshal(data, &t)
	return t, true, err
}
