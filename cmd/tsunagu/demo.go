package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/internal/demo"
	"github.com/tsunagu-chat/tsunagu/internal/standin/lineapi"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

// demoCommand is everything in one process: stand-ins for LINE and Slack on
// loopback, the service on SQLite, and one page to try it all.
func demoCommand(ctx context.Context, args []string, s streams) error {
	f := flags("demo", s)
	addr := f.String("addr", "127.0.0.1:8800", "where the page is served")
	dir := f.String("dir", "", "keep the data in this folder; empty: gone when the demo ends")
	open := f.Bool("open", false, "open the page in a browser")
	pack := f.String("pack", "", "content pack; empty: the embedded one")
	if err := parse(f, args); err != nil {
		return err
	}
	if err := atMost(f, 0); err != nil {
		return err
	}
	if err := isListenAddr(*addr); err != nil {
		return wrongUsage("--addr: %w; such as 127.0.0.1:8800", err)
	}
	folder := *dir
	if folder == "" {
		tmp, err := os.MkdirTemp("", "tsunagu-demo")
		if err != nil {
			return fmt.Errorf("make a folder: %w", err)
		}
		defer func() { _ = os.RemoveAll(tmp) }()
		folder = tmp
	} else if err := os.MkdirAll(folder, 0o750); err != nil {
		return wrongUsage("--dir: %v", err)
	}
	return runDemo(ctx, *addr, folder, *pack, *open, s)
}

func runDemo(ctx context.Context, addr, folder, from string, open bool, s streams) error {
	addr, err := settled(addr)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(s.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	o := townOptions{Database: "sqlite:" + filepath.Join(folder, "demo.db"), Log: log}
	o.Line = func(c *lineapi.Config) { c.KeepBubbles = 500 }
	o.Slack, o.Teams = twoTeams, "housing="+demoHomes
	t, err := openTown(o)
	if err != nil {
		return err
	}
	defer t.Close()
	b, _, pack, err := openBot(from, "http://"+addr, s.err)
	if err != nil {
		return err
	}
	var service *service
	page, err := demo.New(demo.Config{
		LINE: t.line, Slack: t.slack, Now: t.clock.Now, Log: log,
		SetClock: func(at time.Time) { service.moveClock(t.clock, at) },
		Explain:  func(text string) any { return service.bot().Understander().Understand(text, understand.Hint{}) },
		Content:  b.Content,
	})
	if err != nil {
		return err
	}
	// Open streams of the page must not hold up the end.
	defer context.AfterFunc(ctx, page.Close)()
	cfg, err := t.config(o)
	if err != nil {
		return err
	}
	if cfg.DataKeys, err = keyBeside(cfg.DatabaseURL); err != nil {
		return err
	}
	cfg.ListenAddr, cfg.PublicURL = addr, "http://"+addr
	service, err = newService(ctx, cfg, serviceOptions{
		Log: log, Now: t.clock.Now, Bot: b, Pack: pack, Menus: true, Sample: true, Mux: page.Handler(),
		Observe: func(resident string, in bot.Input, after bot.State, effects []bot.Effect) {
			page.Observe(resident, in, after, effects)
		},
	})
	if err != nil {
		return unlessEnded(ctx, err)
	}
	err = service.Run(ctx, func(a net.Addr) {
		url := "http://" + a.String()
		t.connect(url)
		_, _ = fmt.Fprintf(s.out, "the demo is at %s — a resident's phone, the staff's Slack, and what the bot understood\n", url)
		if open {
			go openBrowser(ctx, url)
		}
	})
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return unlistenable(err, "--addr "+addr)
}

// settled gives port 0 a number before anything begins: residents are told the
// address, and get pictures from it.
func settled(addr string) (string, error) {
	if _, port, err := net.SplitHostPort(addr); err != nil || port != "0" {
		return addr, nil
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return "", unlistenable(err, "--addr "+addr)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String(), nil
}

// demoHomes is the channel of the demo's second team, the housing window's.
const demoHomes = "C0000HOMES"

// twoTeams gives the demo's housing window a channel of its own, so that
// calling it in and handing over to it can be seen from both sides: one person
// is at the desk, one at the housing window, one in both.
func twoTeams(c *slackapi.Config) {
	teams := []string{"ぜんぶの窓口", "総合相談", "住まいの窓口"}
	c.Members = slices.Clone(c.Members)
	for i := range c.Members {
		c.Members[i].RealName += "・" + teams[i]
	}
	lead, desk, homes := c.Members[0].ID, c.Members[1].ID, c.Members[2].ID
	c.Channels[0].Members = []string{lead, desk}
	c.Channels = append(c.Channels, slackapi.Channel{ID: demoHomes, Name: "住まい", Private: true, Members: []string{lead, homes}, Bot: true})
}

// openBrowser shows the page where there is a screen; elsewhere the address
// printed is enough.
func openBrowser(ctx context.Context, url string) {
	name, args := "xdg-open", []string{url}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "cmd", []string{"/c", "start", url}
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	_ = exec.CommandContext(ctx, name, args...).Run() //nolint:gosec // our own address
}
