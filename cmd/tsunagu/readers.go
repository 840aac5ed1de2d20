package main

import (
	"fmt"
	"os"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/plain"
	"github.com/tsunagu-chat/tsunagu/intents"
)

// readers turns what staff write into the form a resident reads, and says what
// could be plainer, for those who read easy Japanese.
type readers struct{ easy *plain.Plain }

func newReaders(dir string) (readers, error) {
	files := intents.Embedded()
	if dir != "" {
		files = os.DirFS(dir)
	}
	p, err := intents.Plain(files)
	if err != nil {
		return readers{}, fmt.Errorf("read the lists of easy Japanese: %w", err)
	}
	return readers{p}, nil
}

func (r readers) form(l bot.Lang, text string) string {
	if l != bot.EasyJa {
		return text
	}
	return r.easy.ForReader(text)
}

func (r readers) hints(l bot.Lang, text string) []string {
	if l != bot.EasyJa {
		return nil
	}
	return r.easy.Hint(text)
}
