package plain

// Kind is what a text is for.
type Kind int

// The kinds of texts. A label or a button need not be a sentence.
const (
	Message Kind = iota
	Label        // a name, a title, an item of a list, a time
	Button       // what is written on a button
)

// Where a text will be read; it decides which rules hold.
type Where int

// The places of the rules: a message of the bot or of staff in easy Japanese
// (OUT), a broadcast in easy Japanese (BC), ordinary Japanese (JA: R02, R17 and
// R32 only, as warnings).
const (
	Out Where = iota
	Broadcast
	Ordinary
)

// Options say what a text is for. The zero value is a message in easy Japanese.
type Options struct {
	Where    Where
	Kind     Kind
	Disaster bool // R01 allows 24 morae instead of 48; R31 holds

	// Grade is the school year up to which kanji need no furigana; 0: every
	// kanji needs it.
	Grade int
	// Level is the lowest level of hard words that is reported, 1 to 3; 0 means 1.
	Level int
	// Original is the ordinary Japanese the text was written from. When it is
	// given, R29 compares numbers, times, telephone numbers and addresses.
	Original string
	// Alt is true for the text that stands for a picture (R28).
	Alt bool
	// Buttons are the labels sent with the text; nil: not known, R30 is not
	// judged.
	Buttons []string
}

// Severity of a finding.
type Severity int

// Errors stop a broadcast; warnings are shown.
const (
	Warning Severity = iota
	Error
)

func (s Severity) String() string {
	if s == Error {
		return "error"
	}
	return "warning"
}

// MarshalText writes "error" or "warning".
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Finding is one place where a text breaks a rule.
type Finding struct {
	Rule       string   `json:"rule"` // R01 … R32
	Severity   Severity `json:"severity"`
	Line       int      `json:"line"`   // from 1
	Column     int      `json:"column"` // from 1, in runes
	Start      int      `json:"start"`  // runes of the text as given: [Start, End)
	End        int      `json:"end"`
	Words      string   `json:"words"`      // the place, without furigana
	What       string   `json:"what"`       // what is wrong, in Japanese
	Suggestion string   `json:"suggestion"` // what to write, in Japanese; may be empty
}

// Report is the result of a check.
type Report struct {
	Findings []Finding `json:"findings"`
	// Score is 0 to 100: the mean over the sentences of 100 less 40 for each
	// error and 10 for each warning in it, never below 0 for a sentence. A text
	// without a sentence scores 100.
	Score     int   `json:"score"`
	Sentences int   `json:"sentences"`
	Lengths   []int `json:"lengths"` // characters of each sentence, without furigana, blanks, addresses
}

// Errors counts the findings that stop a broadcast.
func (r Report) Errors() int {
	n := 0
	for _, f := range r.Findings {
		if f.Severity == Error {
			n++
		}
	}
	return n
}
