package check

import (
	"slices"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// mostNumbers is how many numbers somebody in danger is shown.
const mostNumbers = 3

// dangers looks at what is done about each kind of danger.
func (c *checker) dangers() {
	const file = "dangers.yaml"
	seen := map[string]bool{}
	for i, d := range c.c.Dangers {
		p := at("", i)
		if seen[d.Kind] {
			c.fail(file, p+".kind", "join the two", "%s stands twice", d.Kind)
		}
		seen[d.Kind] = true
		if d.Name == "" {
			c.fail(file, p, "write name: in Japanese, for staff", "%s has no name", d.Kind)
		}
		c.knownWindow(file, p+".window", d.Window)
		if w := c.c.Window(d.Window); w != nil && !w.People {
			c.fail(file, p+".window", "choose a window with people: true", "nobody takes cases of %s", d.Window)
		}
		if len(d.Numbers) == 0 || len(d.Numbers) > mostNumbers {
			c.fail(file, p, "name one to three numbers, the most fitting first", "%s has %d numbers", d.Kind, len(d.Numbers))
		}
		shown := 0
		for k, n := range d.Numbers {
			switch {
			case c.c.Hotline(n) != nil:
				shown++
			case !slices.ContainsFunc(c.c.Hotlines, func(h bot.Hotline) bool { return h.Number == n }):
				c.fail(file, p+"."+at("numbers", k), "use a number of hotlines.yaml, in quotation marks", "there is no hotline %q", n)
			}
		}
		if shown == 0 {
			c.fail(file, p, "name a number that is verified, such as 110 or 119", "in %s nobody would see a number: none is verified", d.Kind)
		}
	}
	for _, kind := range understand.UrgencyKinds() {
		if !seen[kind] {
			c.fail(file, "", "write an entry for it", "nothing is said about the danger %s", kind)
		}
	}
}

// sayings looks at what short typed words mean.
func (c *checker) sayings() {
	const file = "says.yaml"
	first := map[string]string{}
	for i, s := range c.c.Says {
		p := at("", i)
		verb, arg, _ := strings.Cut(s.Means, ":")
		if !bot.IsVerb(verb) {
			c.fail(file, p+".means", "leave the names of meanings as they are", "the program knows no meaning %q", s.Means)
		}
		switch verb {
		case "lang":
			if !slices.Contains(bot.Langs, bot.Lang(arg)) {
				c.fail(file, p+".means", "lang:ja, lang:ja-easy, lang:en, lang:zh, lang:ko or lang:vi", "%q is no language", arg)
			}
		case "form":
			if c.c.Form(arg) == nil {
				c.fail(file, p+".means", "use the id of a form", "there is no form %q", arg)
			}
		case "which":
			for _, id := range strings.Fields(arg) {
				c.knownWindow(file, p+".means", id)
			}
		}
		for k, text := range s.Texts {
			path := p + "." + at("texts", k)
			key := bot.PhraseKey(text)
			if key == "" {
				c.fail(file, path, "write words", "%q has no letters", text)
				continue
			}
			if other, ok := first[key]; ok && other != s.Means {
				c.fail(file, path, "keep it under one of them", "%q means %s already", text, other)
			}
			first[key] = s.Means
			c.tooLong(file, path, text, maxName)
		}
	}
}

// rules looks at the words understanding goes by.
func (c *checker) rules() {
	seen := map[string]bool{}
	for i, x := range c.pack.Lexicon {
		p := at("", i)
		if x.ID == "" || len(x.Words) == 0 {
			c.fail("lexicon.yaml", p, "write id: and words:", "a group of words has no id or no words")
		}
		if seen[x.ID] {
			c.fail("lexicon.yaml", p+".id", "join the two", "%q stands twice", x.ID)
		}
		seen[x.ID] = true
	}
	for i, x := range c.pack.Cues {
		p := at("", i)
		danger := x.Weight != understand.CueGuard && x.Weight != understand.CueEvidence
		if x.Kind != "" && !slices.Contains(understand.UrgencyKinds(), x.Kind) || x.Kind == "" && danger {
			c.fail("cues.yaml", p, "use one of: "+strings.Join(understand.UrgencyKinds(), ", "), "%q is no kind of danger", x.Kind)
		}
		if strings.Trim(x.Pattern, "… ") == "" {
			c.fail("cues.yaml", p, "write pattern:", "a cue has no pattern")
		}
	}
}
