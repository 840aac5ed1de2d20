package main

import (
	"context"
	"fmt"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/assist"
)

// secondOpinion asks the operator's own language model for the order of
// windows the bot is unsure between; nil when ASSIST_URL is not set. What
// tells who somebody is stays here.
func secondOpinion(cfg config, redact func(string) string) (func(context.Context, string, []*bot.Window) ([]string, error), error) {
	if cfg.AssistURL == "" {
		return nil, nil
	}
	c, err := assist.New(assist.Config{URL: cfg.AssistURL, Model: cfg.AssistModel, Key: cfg.AssistKey})
	if err != nil {
		return nil, wrongUsage("ASSIST_URL: %v", err)
	}
	return func(ctx context.Context, text string, windows []*bot.Window) ([]string, error) {
		redacted := redact(text)
		if redacted == "" {
			return nil, fmt.Errorf("nothing of the message may be shown")
		}
		list := make([]assist.Window, len(windows))
		for i, w := range windows {
			list[i] = assist.Window{ID: w.ID, Name: w.Name.In(bot.Ja) + "。" + w.Plain.In(bot.Ja)}
		}
		return c.Order(ctx, redacted, list)
	}, nil
}
