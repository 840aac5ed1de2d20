package bot

import (
	"encoding/json"
	"fmt"
)

type wireMessage struct {
	Text    *Text    `json:"text,omitempty"`
	Cards   *Cards   `json:"cards,omitempty"`
	Picture *Picture `json:"picture,omitempty"`
}

// EncodeMessages writes messages for the outbox.
func EncodeMessages(messages []Message) ([]byte, error) {
	wire := make([]wireMessage, len(messages))
	for i, m := range messages {
		switch m := m.(type) {
		case Text:
			wire[i].Text = &m
		case Cards:
			wire[i].Cards = &m
		case Picture:
			wire[i].Picture = &m
		default:
			return nil, fmt.Errorf("encode message: unknown type %T", m)
		}
	}
	return json.Marshal(wire)
}

// DecodeMessages reads what EncodeMessages wrote.
func DecodeMessages(b []byte) ([]Message, error) {
	var wire []wireMessage
	if err := json.Unmarshal(b, &wire); err != nil {
		return nil, fmt.Errorf("decode messages: %w", err)
	}
	messages := make([]Message, 0, len(wire))
	for i, w := range wire {
		switch {
		case w.Text != nil:
			messages = append(messages, *w.Text)
		case w.Cards != nil:
			messages = append(messages, *w.Cards)
		case w.Picture != nil:
			messages = append(messages, *w.Picture)
		default:
			return nil, fmt.Errorf("decode messages: message %d is empty", i)
		}
	}
	return messages, nil
}
