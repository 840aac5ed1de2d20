package check

import "github.com/tsunagu-chat/tsunagu/intents"

// easyJapanese holds every text in easy Japanese to the rules (package plain).
// A breach somebody gave a reason for in plain/reasons.tsv is none.
func (c *checker) easyJapanese() {
	problems, _, err := intents.EasyJapanese(c.dir)
	if err != nil {
		return // files that cannot be read are told already
	}
	for _, p := range problems {
		if !c.broken[p.File] {
			c.out = append(c.out, Finding{Problem: p, Level: Error})
		}
	}
}
