package edit

import "strings"

// flow reads […] or {…} of one line.
func (s *scanner) flow(at, to int) *Node {
	blanks := func(i int) int {
		for i < to && s.text[i] == ' ' {
			i++
		}
		return i
	}
	c := s.text[at]
	n := &Node{Form: List, Flow: true, start: at}
	end := byte(']')
	if c == '{' {
		n.Form, end = Table, '}'
	}
	i := blanks(at + 1)
	for i < to && s.text[i] != end {
		from, key := i, ""
		if n.Form == Table {
			size := 0
			if s.text[i] == '"' || s.text[i] == '\'' {
				key, size = s.quoted(i)
			} else if size = strings.IndexByte(s.text[i:to], ':'); size > 0 {
				key = s.text[i : i+size]
			}
			if i += size; size <= 0 || i >= to || s.text[i] != ':' {
				s.fail(from, "a key with a colon is needed here")
			}
			i = blanks(i + 1)
		}
		if i >= to {
			break
		}
		var v *Node
		switch c := s.text[i]; c {
		case '[', '{':
			v = s.flow(i, to)
		case '"', '\'':
			text, size := s.quoted(i)
			v = &Node{Text: text, style: c, start: i, end: i + size}
		default:
			stop := strings.IndexAny(s.text[i:to], ",]}")
			if stop < 0 {
				s.fail(i, "the bracket is not closed on its line")
			}
			words := strings.TrimRight(s.text[i:i+stop], " ")
			v = &Node{Text: words, start: i, end: i + len(words), missing: words == ""}
		}
		v.from = from
		if n.Form == Table {
			n.Keys = append(n.Keys, Entry{key, v})
		} else {
			n.Items = append(n.Items, v)
		}
		i = blanks(v.end)
		if i < to && s.text[i] == ',' {
			i = blanks(i + 1)
		} else if i < to && s.text[i] != end {
			s.fail(i, "a comma is needed here")
		}
	}
	if i >= to {
		s.fail(at, "the bracket is not closed on its line")
	}
	n.end = i + 1
	return n
}
