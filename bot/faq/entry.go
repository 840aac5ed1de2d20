package faq

// Entry is one question with its answer.
type Entry struct {
	ID       string
	Tag      string   // the field it stands under on the city's page; may be empty
	Question string   //
	Also     []string // the question in other words or languages
	Answer   string   //
	Window   string   // id of the window that knows more; may be empty
	Source   string   // where the answer stands
	Verified string   // YYYY-MM-DD, or "no"
}

// Known reports whether the answer may be shown as fact.
func (e Entry) Known() bool { return e.Verified != "" && e.Verified != "no" }

// Rule leads from what residents say to what the city hall writes, never back.
type Rule struct {
	Say   []string // each one to five words; any of them is enough
	Means []string // the words to look for as well
}

// Hit is an entry found.
type Hit struct {
	Entry int     // its place in the entries given to Build
	ID    string  //
	Score float64 // comparable within one search, at most about 1.65
	Sure  float64 // chance that this is the right answer, calibrated; of the first hit only
	// Answers: sure enough, and by the resident's own words, to be shown as the
	// answer; of the first hit only.
	Answers bool
	// Plain: the resident asked in nearly the entry's words; of the first only.
	Plain bool
	Why   []Reason
}

// Reason is one word of the query a hit rests on.
type Reason struct {
	Said   string  // as the resident wrote it
	Found  string  // as the entry has it
	Weight float64 // share of the words' scores
}
