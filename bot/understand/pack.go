package understand

// Pack is all a model is made from: what the content pack of a city says.
type Pack struct {
	Windows  []WindowInfo
	Towns    []Town
	Examples []Example
	Lexicon  []Concept // everyday word → concept
	Cues     []Cue     // words of danger, guards against them, evidence for them
}

// WindowInfo is one window as far as understanding needs it.
type WindowInfo struct {
	ID   string
	Kind string // general, consultation, emergency, information, participation
}

// Town is one 町. Aliases are other names for it in any script; kana aliases
// are compared without long vowels and voicing, and in romaji as well.
type Town struct {
	Name    string // as it is written officially
	Aliases []string
}

// Concept joins words that mean the same to a window: 炊飯器が空, お米がない,
// "nothing in the fridge" → food-gone. Words are compared as they stand and
// by their reading.
type Concept struct {
	ID    string
	Words []string
}

// Weight says how much a cue tells.
type Weight string

const (
	// CueSure is danger in itself unless a guard stands in the same sentence.
	CueSure Weight = "sure"
	// CueHint is danger only with evidence, or when the learned model agrees.
	CueHint Weight = "hint"
	// CueAsk is worth one kind question with the number beside it, whatever the
	// learned model says: 胸が苦しい may be a heart or a heartache.
	CueAsk Weight = "ask"
	// CueGuard takes back cues of its kind: idioms, games, films, negation.
	CueGuard Weight = "guard"
	// CueEvidence turns hints of its kind into danger: exhaustion, farewell,
	// a means, a time.
	CueEvidence Weight = "evidence"
)

// Cue is one rule about danger. Pattern is words in the order they must
// stand; "…" between them allows up to twelve other characters. It is looked
// for in the text as written and in its reading.
type Cue struct {
	Kind    string // one of UrgencyKinds; "" for guards and evidence of every kind
	Weight  Weight
	Pattern string
	At      string // file:line
}
