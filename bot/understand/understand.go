package understand

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Kind is what sort of message it is.
type Kind string

// Kinds of message.
const (
	KindOrdinary      Kind = "ordinary"       // about one or more windows
	KindNotOurs       Kind = "not-ours"       // weather, football, code
	KindNotUnderstood Kind = "not-understood" // nothing to go by: ask one question
	KindGreeting      Kind = "greeting"
	KindThanks        Kind = "thanks"
	KindHuman         Kind = "human" // wants to talk to a person
)

// Person says whose trouble it is.
type Person string

// Whose trouble it is.
const (
	Self  Person = "self"
	Other Person = "other"
)

// Hint is what is remembered about the writer. The zero value is fine.
type Hint struct {
	Lang string // the language answered in last; used when a message does not tell
}

// Reason is one thing a decision rests on.
type Reason struct {
	Rule   string  // "words", "learned", "cue FILE:LINE"
	Words  string  // of the message, or the kind learned
	Weight float64 // how much it counted
}

// Scored is one window with how likely it is the right one.
type Scored struct {
	ID    string
	Score float64 // 0..1, calibrated, comparable between messages
	Why   []Reason
}

// Result is everything understood of a message.
type Result struct {
	Windows    []Scored // best first, five at most
	Urgency    Urgency
	Person     Person
	OtherScore float64 // probability that the trouble is somebody else's
	Town       string  // official name, "" when none is named
	Lang       string  // to answer in: ja, ja-easy, en, zh, ko, vi
	Script     string  // as written: ja, kana, romaji, en, zh, ko, vi, ""
	Kind       Kind
	Normalised string
}

// mostWindows is how many windows a Result lists.
const mostWindows = 5

// mostClauses is how many clauses are also scored alone: the first and the
// last ones of a long message.
const mostClauses = 24

// Understand reads one message. Where it greets or thanks and then says
// something, it is about that.
func (m *Model) Understand(text string, hint Hint) Result {
	msg := m.prepare(text)
	r := m.read(&msg, hint)
	if r.Kind != KindGreeting && r.Kind != KindThanks {
		return r
	}
	if len(msg.clauses) < 2 {
		return r
	}
	head := m.prepare(msg.clauses[0].text)
	if polite := m.read(&head, hint).Kind; polite != KindGreeting && polite != KindThanks {
		return r
	}
	// What comes first behind a greeting is often who somebody is.
	for i := 1; i < len(msg.clauses) && i <= mostPolite; i++ {
		var rest strings.Builder
		for _, c := range msg.clauses[i:] {
			rest.WriteString(c.text)
			rest.WriteByte('\n')
		}
		body := m.prepare(rest.String())
		said := m.read(&body, hint)
		if (said.Kind == KindOrdinary || said.Kind == KindHuman) && said.Windows[0].Score >= meantFrom(r.Kind) {
			said.Normalised, said.Script, said.Lang, said.Town = r.Normalised, r.Script, r.Lang, r.Town
			if r.Urgency.Level > said.Urgency.Level {
				said.Urgency = r.Urgency
			}
			return said
		}
	}
	return r
}

// mostPolite is how many clauses are taken off the front of a greeting.
const mostPolite = 4

// meantFrom is the score from which what stands behind a greeting is what the
// message means. Thanks are oftener followed by words that ask for nothing.
func meantFrom(k Kind) float64 {
	if k == KindThanks {
		return 0.75
	}
	return 0.5
}

// read reads a prepared message as a whole.
func (m *Model) read(msg *message, hint Hint) Result {
	sc := m.borrow()
	defer m.pool.Put(sc)
	o := m.measure(msg, sc)
	z := o.z
	r := Result{Normalised: msg.norm, Script: msg.script, Town: m.towns.find(msg)}
	known := len(sc.feats) > 0
	r.Windows = m.rank(sc, z)
	r.Urgency = m.urgencyOf(msg, o)
	if m.taught != nil {
		if u := m.taught.judge(msg); u.Score > r.Urgency.Score {
			r.Urgency = u
		}
	}
	r.OtherScore = m.calibration.Other.of(z[m.other()])
	r.Person = personOf(r.OtherScore)
	r.Lang = m.langOf(msg, z, hint)
	r.Kind = kindOf(r, known)
	if known {
		m.explain(msg, r.Windows)
	}
	return r
}

// judge is how urgent a prepared message is.
func (m *Model) judge(msg *message) Urgency {
	sc := m.borrow()
	defer m.pool.Put(sc)
	return m.urgencyOf(msg, m.measure(msg, sc))
}

// measure scores the whole message and its clauses. The outputs live in sc.
func (m *Model) measure(msg *message, sc *scratch) outputs {
	z, best := sc.z, sc.best
	sc.all = sc.all[:0]
	for j := range best {
		best[j] = float32(math.Inf(-1))
	}
	n := len(msg.clauses)
	for i := range msg.clauses {
		start := len(sc.all)
		sc.all = m.appendKeys(sc.all, &msg.clauses[i])
		if n < 2 || i >= mostClauses/2 && i < n-mostClauses/2 {
			continue
		}
		sc.feats = m.space.vector(sc.feats[:0], sc.all[start:], &sc.seen)
		m.scores(sc.zc, sc.feats)
		for j, v := range sc.zc {
			best[j] = max(best[j], v)
		}
	}
	sc.feats = m.space.vector(sc.feats[:0], sc.all, &sc.seen)
	m.scores(z, sc.feats)
	if n < 2 {
		copy(best, z)
	}
	return outputs{z, best, len(sc.feats), n}
}

// rank orders windows. The score of the first is the probability that it is
// the right first answer; the others may be needed beside it, so theirs is the
// probability of being needed at all when that is greater. Their order also
// counts how often windows are needed together.
func (m *Model) rank(sc *scratch, z []float32) []Scored {
	p := sc.p
	softmaxAt(p, z[:m.windows], m.calibration.Temperature)
	need := z[m.also():m.kind()]
	first := argmax(z[:m.windows])
	order, sorting := sc.order[:0], sc.sort[:0]
	for j := range p {
		order = append(order, j)
		sorting = append(sorting, need[j]+m.together(first, j))
	}
	sc.order, sc.sort = order, sorting
	slices.SortStableFunc(order, func(a, b int) int {
		if a == first || b == first {
			return cmp.Compare(btoi(b == first), btoi(a == first))
		}
		return cmp.Compare(sorting[b], sorting[a])
	})
	out := make([]Scored, 0, mostWindows)
	for i, j := range order[:min(mostWindows, len(order))] {
		score := p[j]
		if i > 0 {
			score = min(out[i-1].Score, max(score, float64(sigmoid(need[j]))))
		}
		out = append(out, Scored{ID: m.windowInfo[j].ID, Score: score})
	}
	return out
}

// together is how much more window j is needed when another comes first.
func (m *Model) together(first, j int) float32 {
	if t := m.calibration.Together; first < len(t) && j < len(t[first]) {
		return t[first][j]
	}
	return 0
}

func argmax(z []float32) int {
	best := 0
	for j, v := range z {
		if v > z[best] {
			best = j
		}
	}
	return best
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func softmaxAt(p []float64, z []float32, temp float64) {
	top := z[0]
	for _, v := range z {
		top = max(top, v)
	}
	sum := 0.0
	for j, v := range z {
		p[j] = math.Exp(float64(v-top) / temp)
		sum += p[j]
	}
	for j := range p {
		p[j] /= sum
	}
}

// personOf says whose trouble it is.
func personOf(other float64) Person {
	if other >= 0.5 {
		return Other
	}
	return Self
}

// langOf chooses the language to answer in.
func (m *Model) langOf(msg *message, z []float32, hint Hint) string {
	switch msg.script {
	case scriptNone:
		if hint.Lang != "" {
			return hint.Lang
		}
		return "ja"
	case scriptKana, scriptJapanese:
		if m.calibration.Easy.of(z[m.easy()]) >= 0.5 {
			return "ja-easy"
		}
		return "ja"
	case scriptRomaji:
		return "ja-easy"
	}
	return msg.script
}

// weakest is the score under which the first window says too little to act
// upon.
const weakest = 0.08

func kindOf(r Result, known bool) Kind {
	if !known || len(r.Windows) == 0 || r.Windows[0].Score < weakest {
		return KindNotUnderstood
	}
	switch r.Windows[0].ID {
	case "out-of-scope":
		return KindNotOurs
	case "greeting":
		return KindGreeting
	case "thanks":
		return KindThanks
	case "human":
		return KindHuman
	}
	return KindOrdinary
}
