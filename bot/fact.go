package bot

import "time"

// Checked reports whether a mark "verified" lets a fact reach residents: it
// must be the day (YYYY-MM-DD) on which somebody checked the fact at its
// source. "no", nothing at all or any other word keeps it from them.
func Checked(mark string) bool {
	_, err := time.Parse(time.DateOnly, mark)
	return err == nil
}

// Statement is one fact told in a sentence of its own.
type Statement struct {
	Say      Words  `yaml:"say"`
	Source   string `yaml:"source"`
	Verified string `yaml:"verified"`
}

// Known reports whether the statement may be told as fact. No statement is
// not known.
func (s *Statement) Known() bool { return s != nil && Checked(s.Verified) }
