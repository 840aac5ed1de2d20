package slackapi

import (
	"fmt"
	"sync"
)

// idSource makes ids that look like Slack's and repeat under one seed. It is
// splitmix64: a stand-in's ids need no secrecy.
type idSource struct {
	mu    sync.Mutex
	state uint64
}

func (s *idSource) next() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state += 0x9e3779b97f4a7c15
	z := s.state
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

const idLetters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// code returns prefix and n upper-case letters and digits.
func (s *idSource) code(prefix string, n int) string {
	b := make([]byte, 0, len(prefix)+n)
	b = append(b, prefix...)
	for len(b) < cap(b) {
		for v, i := s.next(), 0; i < 12 && len(b) < cap(b); i++ {
			b = append(b, idLetters[v%36])
			v /= 36
		}
	}
	return string(b)
}

// hex returns n hexadecimal digits, at most 16.
func (s *idSource) hex(n int) string {
	return fmt.Sprintf("%016x", s.next())[:n]
}

func (s *idSource) uuid() string {
	a, b := s.next(), s.next()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x",
		a>>32, a>>16&0xffff, a&0xfff, b>>48&0x3fff|0x8000, b&0xffffffffffff)
}

// chance is true with probability p.
func (s *idSource) chance(p float64) bool {
	return float64(s.next()>>11)/(1<<53) < p
}
