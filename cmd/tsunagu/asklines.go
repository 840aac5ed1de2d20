package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// maxJSONLine bounds one line of --jsonl, in bytes. A longer line is answered
// with an error and the next one is read.
const maxJSONLine = 8 << 20

// question is one line of "ask --jsonl".
type question struct {
	id   any // as it was sent: text or a number; "" without one
	text string
}

// errLongLine means that a line is longer than maxJSONLine.
var errLongLine = fmt.Errorf("the line is longer than %d bytes", maxJSONLine)

// askLines answers each line in order. A line that cannot be read is answered
// too, with what is wrong in "error", so that answers and lines stay side by
// side; the exit code tells at the end. Blank lines are passed over.
func askLines(ctx context.Context, m *understand.Model, s streams) error {
	in := bufio.NewReaderSize(s.in, 64<<10)
	out := bufio.NewWriter(s.out)
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	broken, first, why := 0, 0, error(nil)
	for n := 1; ; n++ {
		if ctx.Err() != nil {
			return errors.Join(ctx.Err(), out.Flush())
		}
		line, err := readLine(in, maxJSONLine)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, errLongLine) {
			return errors.Join(wrongUsage("read standard input: %v", err), out.Flush())
		}
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		if line = bytes.TrimSpace(line); err == nil && len(line) == 0 {
			continue
		}
		var q question
		if err == nil {
			q, err = readQuestion(line)
		}
		a := answer{ID: "", Intents: []answerScore{}}
		if err == nil {
			a = toAnswer(q.id, m.Understand(q.text, understand.Hint{}))
		} else {
			a.Error = fmt.Sprintf("line %d is not JSON with id and text: %v", n, err)
			if broken++; broken == 1 {
				first, why = n, err
			}
		}
		if err := e.Encode(a); err != nil {
			return fmt.Errorf("write answer: %w", err)
		}
		if in.Buffered() == 0 { // whoever sends line by line waits for this one
			if err := out.Flush(); err != nil {
				return fmt.Errorf("write answer: %w", err)
			}
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	if broken > 0 {
		return wrongUsage("line %d of standard input is not JSON with id and text (%d such lines): %v", first, broken, why)
	}
	return nil
}

// readLine reads a line without its end. Of a line longer than most bytes it
// keeps nothing, passes over the rest and says errLongLine.
func readLine(in *bufio.Reader, most int) ([]byte, error) {
	var line []byte
	long, some := false, false
	for {
		part, err := in.ReadSlice('\n')
		some = some || len(part) > 0
		if long = long || len(line)+len(part) > most; long {
			line = nil
		} else {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && (!errors.Is(err, io.EOF) || !some):
			return nil, err
		case long:
			return nil, errLongLine
		}
		return bytes.TrimSuffix(line, []byte("\n")), nil
	}
}

// readQuestion reads {"id","text"}; the id may be missing or a number.
func readQuestion(line []byte) (question, error) {
	var q struct {
		ID   json.RawMessage
		Text *string
	}
	if err := json.Unmarshal(line, &q); err != nil {
		return question{}, err
	}
	if q.Text == nil {
		return question{}, errors.New("text is missing")
	}
	out := question{id: "", text: *q.Text}
	if len(q.ID) == 0 {
		return out, nil
	}
	d := json.NewDecoder(bytes.NewReader(q.ID))
	d.UseNumber() // a long number comes back as it was
	var id any
	if err := d.Decode(&id); err != nil {
		return question{}, fmt.Errorf("id: %w", err)
	}
	switch id.(type) {
	case nil:
	case string, json.Number:
		out.id = id
	default:
		return question{}, errors.New("id is neither text nor a number")
	}
	return out, nil
}
