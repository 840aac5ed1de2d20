package understand

import (
	"fmt"
	"path"
	"strings"
)

// Example is one labelled message.
type Example struct {
	Text   string
	Window string   // the first right answer; "" when only danger is known of it
	Also   []string // windows it truly also needs
	Urgent string   // urgency kind, "" when nobody is in danger
	Other  bool     // the trouble is somebody else's
	Lang   string   // "", ja-easy, ja-hira, ja-learner, romaji, en, zh, ko, vi
	Voice  string   // who wrote it
	At     string   // file:line
}

// Problem is something wrong in a file of the pack.
type Problem struct {
	File string
	Line int // from 1; 0 when the whole file is meant
	Text string
}

func (p Problem) String() string { return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text) }

// UrgencyKinds are the kinds of danger, most pressing first.
func UrgencyKinds() []string {
	return []string{"suicide", "medical", "fire", "missing", "crime", "sexual-violence", "dv", "child-abuse",
		"elder-abuse", "disability-abuse", "disaster", "no-food", "no-bed", "fraud"}
}

// kindWindow is the window a danger belongs to when a file of dangers does
// not say otherwise.
var kindWindow = map[string]string{
	"suicide": "suicide", "medical": "emergency", "fire": "emergency", "missing": "emergency", "crime": "emergency",
	"sexual-violence": "sexual-violence", "dv": "dv", "child-abuse": "child-abuse", "elder-abuse": "elder-care",
	"disability-abuse": "disability", "disaster": "emergency", "no-food": "food-support", "no-bed": "housing", "fraud": "consumer",
}

var exampleLangs = map[string]bool{"ja": true, "ja-easy": true, "ja-hira": true, "ja-learner": true, "romaji": true,
	"en": true, "zh": true, "ko": true, "vi": true}

// ParseExamples reads one file of examples. Two forms are known by the file's
// name:
//
// WINDOW.txt, danger-KIND.txt, lookalike.txt: a message a line, then
// optionally a tab and tags; "@voice NAME" on a line of its own says who wrote
// what follows; "#" begins a comment line.
//
// VOICE/anything.tsv: window, tab, message, and optionally a tab and tags; the
// folder names the voice.
//
// Tags: +ID (also this window), =ID (this window), !KIND (danger), @other
// (about somebody else), lang:xx. "\n" inside a message is a line break.
// Lines with a problem are left out of the examples.
func ParseExamples(name string, data []byte) ([]Example, []Problem) {
	p := exampleParser{name: name}
	base := path.Base(name)
	stem := strings.TrimSuffix(base, path.Ext(base))
	p.columns = path.Ext(base) == ".tsv"
	switch {
	case p.columns:
		p.proto.Voice = path.Base(path.Dir(name))
	case strings.HasPrefix(stem, "danger-"):
		kind := strings.TrimPrefix(stem, "danger-")
		w, ok := kindWindow[kind]
		if !ok {
			p.fail(0, "unknown danger %q in the file's name", kind)
			return nil, p.problems
		}
		p.proto.Urgent, p.proto.Window = kind, w
	case stem == "lookalike", stem == "conversation": // pieces of talk tell only that nobody is in danger
	default:
		p.proto.Window = stem
	}
	for i, line := range strings.Split(string(data), "\n") {
		p.line(i+1, strings.TrimRight(line, "\r"))
	}
	return p.examples, p.problems
}

type exampleParser struct {
	name     string
	columns  bool
	proto    Example
	examples []Example
	problems []Problem
}

func (p *exampleParser) fail(line int, format string, args ...any) {
	p.problems = append(p.problems, Problem{p.name, line, fmt.Sprintf(format, args...)})
}

func (p *exampleParser) line(n int, line string) {
	if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
		return
	}
	if voice, ok := strings.CutPrefix(line, "@voice "); ok && !p.columns {
		p.proto.Voice = strings.TrimSpace(voice)
		return
	}
	fields := strings.Split(line, "\t")
	e := p.proto
	e.At = fmt.Sprintf("%s:%d", p.name, n)
	if p.columns {
		if len(fields) < 2 {
			p.fail(n, "a window, a tab and a message are needed")
			return
		}
		if e.Window = strings.TrimSpace(fields[0]); e.Window == "-" {
			e.Window = "" // said inside a conversation, belongs to no window
		}
		fields = fields[1:]
	}
	if len(fields) > 2 {
		p.fail(n, "more tabs than one message and its tags need")
		return
	}
	e.Text = strings.TrimSpace(strings.ReplaceAll(fields[0], `\n`, "\n"))
	if e.Text == "" {
		p.fail(n, "the message is empty")
		return
	}
	if len(fields) == 2 && !p.tags(n, &e, fields[1]) {
		return
	}
	p.examples = append(p.examples, e)
}

func (p *exampleParser) tags(n int, e *Example, tags string) bool {
	for _, tag := range strings.Fields(tags) {
		switch {
		case strings.HasPrefix(tag, "+"):
			if tag[1:] != e.Window {
				e.Also = append(e.Also, tag[1:])
			}
		case strings.HasPrefix(tag, "="):
			e.Window = tag[1:]
		case strings.HasPrefix(tag, "!"):
			if _, ok := kindWindow[tag[1:]]; !ok {
				p.fail(n, "unknown danger %q", tag[1:])
				return false
			}
			e.Urgent = tag[1:]
		case tag == "@other":
			e.Other = true
		case strings.HasPrefix(tag, "lang:"):
			if !exampleLangs[tag[5:]] {
				p.fail(n, "unknown language %q", tag[5:])
				return false
			}
			e.Lang = tag[5:]
		default:
			p.fail(n, "unknown tag %q", tag)
			return false
		}
	}
	return true
}

// CheckExamples finds windows the pack does not have, and messages that stand
// twice: the same words with the same meaning, or worse, with another one.
func CheckExamples(examples []Example, windows []WindowInfo) []Problem {
	known := make(map[string]bool)
	for _, w := range windows {
		known[w.ID] = true
	}
	var out []Problem
	seen := make(map[string]Example)
	for _, e := range examples {
		file, line := splitAt(e.At)
		for _, id := range append([]string{e.Window}, e.Also...) {
			if id != "" && !known[id] {
				out = append(out, Problem{file, line, fmt.Sprintf("unknown window %q", id)})
			}
		}
		key := SameWords(e.Text)
		first, ok := seen[key]
		switch {
		case !ok:
			seen[key] = e
		case first.Window == "" || e.Window == "":
			// Said in talk as well as to a window: a piece of talk tells only
			// that nobody is in danger.
			if (first.Urgent != "") != (e.Urgent != "") {
				out = append(out, Problem{file, line, fmt.Sprintf("says %s, the same words at %s say another thing about danger", e.Window+bang(e.Urgent), first.At)})
			}
		case first.Window != e.Window || (first.Urgent != "") != (e.Urgent != ""):
			out = append(out, Problem{file, line, fmt.Sprintf("says %s%s, the same words at %s say %s%s",
				e.Window, bang(e.Urgent), first.At, first.Window, bang(first.Urgent))})
		default:
			out = append(out, Problem{file, line, "the same words stand at " + first.At})
		}
	}
	return out
}

func bang(kind string) string {
	if kind == "" {
		return ""
	}
	return " !" + kind
}

func splitAt(at string) (string, int) {
	i := strings.LastIndexByte(at, ':')
	if i < 0 {
		return at, 0
	}
	n := 0
	for _, c := range at[i+1:] {
		if c < '0' || c > '9' {
			return at, 0
		}
		n = n*10 + int(c-'0')
	}
	return at[:i], n
}
