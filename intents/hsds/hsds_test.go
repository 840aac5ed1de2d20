package hsds_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/intents/hsds"
)

// required are the fields HSDS 3 requires of each table (required and
// tabular_required of its schemas), and the only words some fields take.
var required = map[string][]string{
	"organization": {"id", "name", "description"}, "service": {"id", "name", "status", "organization_id"},
	"service_at_location": {"id", "service_id", "location_id"}, "location": {"id", "location_type"}, "phone": {"id", "number"},
	"schedule": {"id"}, "service_area": {"id"}, "required_document": {"id"}, "language": {"id"}, "accessibility": {"id"},
}

func words(s string) bot.Words { return bot.Words{bot.Ja: s} }

// content is the shipped pack whose housing window has a fact of every kind,
// all with this mark.
func content(t *testing.T, mark string) *bot.Content {
	t.Helper()
	p, problems, err := intents.Load(intents.Embedded())
	if err != nil {
		t.Fatal(problems)
	}
	c := p.Content
	w := c.Window("housing")
	w.Reviewed = mark
	w.Bring = words("手紙があれば")
	w.After = &bot.After{Cost: &bot.Statement{Say: words("無料です。"), Verified: mark}}
	w.Hours = &bot.Hours{
		Week:    map[string][]bot.Period{"mon": {{From: "09:00", To: "12:00"}, {From: "13:00", To: "24:00"}}, "wed": {{From: "09:00", To: "12:00"}}},
		YearEnd: []string{"12-29", "01-03"}, Except: map[string][]bot.Period{"2026-12-28": nil}, Verified: mark,
	}
	w.Contacts = []bot.Contact{
		{Kind: bot.ContactPhone, Value: "042-000-0001", Label: words("窓口"), Verified: mark}, {Kind: bot.ContactFax, Value: "042-000-0002", Verified: mark},
		{Kind: bot.ContactMail, Value: "a@example.jp", Verified: mark}, {Kind: bot.ContactURL, Value: "https://example.jp/", Verified: mark},
	}
	w.Places = []bot.Place{{Name: words("見本会館"), Address: "見本町1-1", Way: words("駅から5分"), Lat: 35.7, Lon: 139.4, Verified: mark, Access: []bot.Access{{ID: "lift", Verified: mark}}}}
	w.Serves = &bot.Served{Areas: []string{"第1"}, Verified: mark}
	w.Spoken = []bot.Spoken{{Lang: bot.Vi, When: words("火曜"), Verified: mark}, {Lang: bot.EasyJa, Verified: mark}}
	w.Outreach = []bot.Outreach{
		{Date: "2026-12-10", From: "10:00", To: "12:00", Place: words("見本集会所"), Address: "見本町2", Verified: mark},
		{Date: "2026-11-01", From: "10:00", To: "12:00", Place: words("過ぎた日の場所"), Verified: mark},
		{Date: "2026-12-11", From: "10:00", To: "12:00", Place: words("中止の場所"), Cancelled: true, Verified: mark},
	}
	for i := range c.Areas {
		c.Areas[i].Verified = mark
	}
	return c
}

var now = time.Date(2026, 12, 1, 9, 0, 0, 0, bot.Tokyo)

// TestLinks: required fields are there, ids are unique UUIDs, and each link
// leads to a record.
func TestLinks(t *testing.T) {
	t.Parallel()
	p := hsds.Export(content(t, "2026-11-20"), now)
	ids := map[string]string{}
	for _, table := range p.Tables {
		if required[table.Name] == nil {
			t.Errorf("the test knows no table %s", table.Name)
		}
		if len(table.Rows) == 0 {
			t.Errorf("%s is empty, want a record of every kind", table.Name)
		}
		for _, r := range table.Rows {
			id, _ := r["id"].(string)
			if _, err := uuid.Parse(id); err != nil || ids[id] != "" {
				t.Errorf("%s: id %q: %v, or used by %s as well", table.Name, id, err, ids[id])
			}
			ids[id] = table.Name
		}
	}
	for _, table := range p.Tables {
		var names []string
		for _, f := range table.Fields {
			names = append(names, f.Name)
		}
		for _, r := range table.Rows {
			for _, field := range required[table.Name] {
				if r[field] == nil || r[field] == "" {
					t.Errorf("%s %v has no %s", table.Name, r, field)
				}
			}
			for field, v := range r {
				if !slices.Contains(names, field) {
					t.Errorf("%s has a field %s that is not in its table", table.Name, field)
				}
				if of, ok := strings.CutSuffix(field, "_id"); ok && ids[fmt.Sprint(v)] != of {
					t.Errorf("%s.%s leads to %q, want a record of %s", table.Name, field, ids[fmt.Sprint(v)], of)
				}
			}
		}
	}
	if got := len(p.Table("service_at_location").Rows); got != 2 {
		t.Errorf("%d services at locations, want the place and the one day to come", got)
	}
}

// TestFields looks at what the records say.
func TestFields(t *testing.T) {
	t.Parallel()
	p := hsds.Export(content(t, "2026-11-20"), now)
	has := func(table string, want hsds.Row) {
		t.Helper()
		for _, r := range p.Table(table).Rows {
			same := true
			for k, v := range want {
				same = same && r[k] == v
			}
			if same {
				return
			}
		}
		t.Errorf("%s has no record with %v: %v", table, want, p.Table(table).Rows)
	}
	has("service", hsds.Row{"name": "住まいの相談", "status": "active", "email": "a@example.jp", "url": "https://example.jp/", "fees_description": "無料です。", "assured_date": "2026-11-20"})
	has("phone", hsds.Row{"number": "042-000-0002", "type": "fax"})
	has("schedule", hsds.Row{"byday": "MO,WE", "opens_at": "09:00+09:00", "closes_at": "12:00+09:00", "description": "祝日：休み。年末年始（12-29〜01-03）：休み。2026-12-28：休み"})
	has("schedule", hsds.Row{"byday": "MO", "closes_at": "00:00+09:00"})
	has("schedule", hsds.Row{"dtstart": "2026-12-10", "valid_to": "2026-12-10", "count": 1.0})
	has("location", hsds.Row{"name": "見本会館", "description": "立川市見本町1-1", "latitude": 35.7, "location_type": "physical"})
	has("accessibility", hsds.Row{"description": "エレベーターがあります"})
	has("language", hsds.Row{"code": "vi", "note": "火曜"})
	has("language", hsds.Row{"code": "ja"})
	has("service_area", hsds.Row{"name": "立川市 第1地域"})
	has("required_document", hsds.Row{"document": "手紙があれば"})
}

// TestUnverified: of what nobody has verified, nothing but the windows' names
// is told.
func TestUnverified(t *testing.T) {
	t.Parallel()
	for _, mark := range []string{"no", "", "yes"} {
		p := hsds.Export(content(t, mark), now)
		for _, table := range p.Tables {
			switch table.Name {
			case "organization":
			case "service":
				for _, r := range table.Rows {
					if len(r) != 4 {
						t.Errorf("verified %q: the service says %v, want id, organization, name and status", mark, r)
					}
				}
			default:
				if len(table.Rows) != 0 {
					t.Errorf("verified %q: %s has %v, want nothing", mark, table.Name, table.Rows)
				}
			}
		}
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	c := content(t, "2026-11-20")
	p := hsds.Export(c, now)
	files, err := p.Files()
	if err != nil {
		t.Fatal(err)
	}
	again, err := hsds.Export(c, now).Files()
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range p.Tables {
		if string(files[table.File]) != string(again[table.File]) {
			t.Errorf("%s differs from one export to the next", table.File)
		}
		rows, err := csv.NewReader(strings.NewReader(string(files[table.File]))).ReadAll()
		if err != nil || len(rows) != len(table.Rows)+1 || rows[0][0] != "id" {
			t.Errorf("%s: %d lines, %v; want a heading and %d records", table.File, len(rows), err, len(table.Rows))
		}
	}
	var about struct {
		Resources []struct {
			Name, Path string
			Schema     struct {
				ForeignKeys []struct{ Fields string }
			}
		}
	}
	if err := json.Unmarshal(files["datapackage.json"], &about); err != nil || len(about.Resources) != len(p.Tables) {
		t.Errorf("datapackage.json: %v, %d resources, want %d", err, len(about.Resources), len(p.Tables))
	}
	for _, r := range about.Resources {
		if files[r.Path] == nil || r.Name == "service" && len(r.Schema.ForeignKeys) != 1 {
			t.Errorf("resource %+v has no file, or not its link", r)
		}
	}
	b, err := p.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var all map[string][]map[string]any
	if err := json.Unmarshal(b, &all); err != nil || len(all["service"]) != len(p.Table("service").Rows) {
		t.Errorf("JSON: %v, %d services", err, len(all["service"]))
	}
}
