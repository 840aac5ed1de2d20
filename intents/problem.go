package intents

import "fmt"

// Problem is one thing wrong with a pack.
type Problem struct {
	File string
	Line int // from 1; 0 when the whole file is meant
	Text string
	Mend string // what to do about it
}

func (p Problem) String() string {
	s := p.File
	if p.Line > 0 {
		s = fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	s += ": " + p.Text
	if p.Mend != "" {
		s += " — " + p.Mend
	}
	return s
}
