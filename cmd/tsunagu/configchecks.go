package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"os"
	"strconv"
	"strings"
)

func isURL(v string, schemes ...string) error {
	u, err := url.Parse(v)
	if err != nil || u.Host == "" {
		return fmt.Errorf("this is not an address")
	}
	return oneOf(u.Scheme, schemes...)
}

func isDatabase(v string) error {
	if path, ok := strings.CutPrefix(v, "sqlite:"); ok {
		if path == "" {
			return fmt.Errorf("the path is missing")
		}
		return nil
	}
	return isURL(v, "postgres", "postgresql")
}

func areKeys(v string) error {
	if err := each(v, nil); err != nil {
		return err
	}
	for i, k := range fields(v) {
		raw, err := base64.StdEncoding.DecodeString(k)
		if err != nil || len(raw) != 32 {
			return fmt.Errorf("key %d is not 32 bytes in base64", i+1)
		}
	}
	return nil
}

func oneOf(v string, allowed ...string) error {
	for _, a := range allowed {
		if v == a {
			return nil
		}
	}
	return fmt.Errorf("%q is not one of %s", v, strings.Join(allowed, ", "))
}

// each checks every entry of a list with commas between; one at least must be
// there. A nil check takes any.
func each(v string, check func(string) error) error {
	list := fields(v)
	if len(list) == 0 {
		return errors.New("nothing stands between the commas")
	}
	for i, one := range list {
		if check == nil {
			continue
		}
		if err := check(one); err != nil {
			return fmt.Errorf("entry %d: %w", i+1, err)
		}
	}
	return nil
}

// isListenAddr takes host:port with a port that can be listened on; 0 means
// any.
func isListenAddr(v string) error {
	_, port, err := net.SplitHostPort(v)
	if err != nil {
		return fmt.Errorf("%q is not host:port", v)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("port %q is not a number from 0 to 65535", port)
	}
	return nil
}

// isSlackBase takes a base that method names can be put behind.
func isSlackBase(v string) error {
	if err := isURL(v, "https", "http"); err != nil {
		return err
	}
	if !strings.HasSuffix(v, "/api/") {
		return errors.New("it does not end in /api/")
	}
	return nil
}

// isChannel refuses a channel's name where its id is needed: Slack accepts
// names in some calls and not in others.
func isChannel(v string) error {
	if strings.HasPrefix(v, "#") || strings.ContainsAny(v, " \t") {
		return fmt.Errorf("%q is a channel's name, not its id", v)
	}
	return nil
}

func isEmail(v string) error {
	if _, err := mail.ParseAddressList(v); err != nil {
		return fmt.Errorf("%q is not an e-mail address", v)
	}
	return nil
}

func isFolder(v string) error {
	at, err := os.Stat(v)
	if err != nil || !at.IsDir() {
		return fmt.Errorf("there is no folder %s", v)
	}
	return nil
}
