package check

const limitsFile = "limits.yaml"

// limits looks at whom residents may not want to be told.
func (c *checker) limits() {
	if !c.has(limitsFile) {
		return
	}
	l := c.c.Limits
	seen, word := map[string]bool{}, map[string]string{}
	for i, u := range l.Who {
		p := at("who", i)
		if !idForm.MatchString(u.ID) || seen[u.ID] {
			c.fail(limitsFile, p+".id", "give it an id of its own, of small letters and hyphens", "the id %q is none, or stands twice", u.ID)
		}
		seen[u.ID] = true
		if len(u.Name) == 0 {
			c.fail(limitsFile, p, "write name: in all six languages", "%s has no name", u.ID)
		}
		for lang, s := range u.Name {
			c.tooLong(limitsFile, p+".name."+string(lang), s, maxChoice)
		}
		if len(u.Words) == 0 {
			c.fail(limitsFile, p, "write words: by which people name them", "nobody can name %s", u.ID)
		}
		for k, w := range u.Words {
			if other := word[w]; other != "" {
				c.fail(limitsFile, p+"."+at("words", k), "leave it with one of the two", "%q means %s already", w, other)
			}
			word[w] = u.ID
		}
		for k, id := range u.Windows {
			if id != "*" {
				c.knownWindow(limitsFile, p+"."+at("windows", k), id)
			}
		}
	}
	if len(l.Who) > maxChoose {
		c.fail(limitsFile, "who", "LINE shows 13 answers under a message: join some", "there are %d", len(l.Who))
	}
	for key, list := range map[string][]string{"after": l.Not.After, "before": l.Not.Before, "to": l.Not.To, "loose": l.Not.Loose, "know": l.Not.Know} {
		for k, s := range list {
			if s == "" || s == "$" {
				c.fail(limitsFile, "not."+at(key, k), "take it away", "an empty text stands everywhere")
			}
		}
	}
}
