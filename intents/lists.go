package intents

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/intents/opendata"
)

// list reads one of the pack's CSV files. What the reader would have to change
// is a problem here: "tsunagu pack import" writes the files in standard form.
func (r *reader) list(kind opendata.Kind) opendata.Table {
	b, ok := r.read(kind.File)
	if !ok {
		return opendata.Table{Kind: kind}
	}
	t, notes, err := opendata.Read(b)
	if err == nil && t.Kind.Name != kind.Name {
		err = opendata.ErrUnknown
	}
	if err != nil {
		r.problems = append(r.problems, Problem{File: kind.File, Line: 1, Text: err.Error(), Mend: "tsunagu pack import FILE.csv writes it anew"})
		return opendata.Table{Kind: kind}
	}
	for _, n := range notes {
		if n.Error {
			r.problems = append(r.problems, Problem{File: kind.File, Line: n.Line, Text: n.Text, Mend: "mend the cell, or import the city's list again with tsunagu pack import"})
		}
	}
	return t
}

var hazards = []struct{ column, id string }{
	{"災害種別_洪水", bot.Flood}, {"災害種別_崖崩れ、土石流及び地滑り", bot.Landslide}, {"災害種別_高潮", bot.StormSurge},
	{"災害種別_地震", bot.Earthquake}, {"災害種別_津波", bot.Tsunami}, {"災害種別_大規模な火事", bot.LargeFire},
	{"災害種別_内水氾濫", bot.InlandFlood}, {"災害種別_火山現象", bot.Volcano},
}

func sheltersOf(t opendata.Table) []bot.Shelter {
	var out []bot.Shelter
	for _, row := range t.Rows {
		cell := func(column string) string { return t.Cell(row, column) }
		s := bot.Shelter{
			ID: cell("ID"), Name: cell("名称"), Kana: cell("名称_カナ"), English: cell("名称_英字"), Address: cell("所在地_連結表記"),
			Lat: degrees(cell("緯度")), Lon: degrees(cell("経度")), AlsoHousing: cell("指定避難所との重複") == "1",
			Phone: cell("電話番号"), Communities: cell("対象となる町会・自治会"), URL: cell("URL"), Note: cell("備考"),
		}
		for _, h := range hazards {
			if cell(h.column) == "1" {
				s.Hazards = append(s.Hazards, h.id)
			}
		}
		if n, err := strconv.Atoi(cell("想定収容人数")); err == nil {
			s.Capacity = n
		} else {
			s.CapacityWords = cell("想定収容人数")
		}
		out = append(out, s)
	}
	return out
}

func facilitiesOf(t opendata.Table) []bot.Facility {
	var out []bot.Facility
	for _, row := range t.Rows {
		cell := func(column string) string { return t.Cell(row, column) }
		out = append(out, bot.Facility{
			ID: cell("NO"), Name: cell("名称"), Kana: cell("名称_カナ"), Address: cell("住所"),
			Lat: degrees(cell("緯度")), Lon: degrees(cell("経度")), Phone: cell("電話番号"),
			Days: cell("利用可能曜日"), From: cell("開始時間"), To: cell("終了時間"), Times: cell("利用可能日時特記事項"),
			Access: cell("バリアフリー情報"), URL: cell("URL"), Note: cell("備考"),
		})
	}
	return out
}

// degrees is 0 for what is not a number; the reader has told of it.
func degrees(s string) float64 {
	d, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0
	}
	return d
}

// SetOrigin writes where a list comes from into the text of lists.yaml and
// leaves its comments and the other lists as they are.
func SetOrigin(text, list string, from bot.List) (string, error) {
	lines := strings.Split(text, "\n")
	start := slices.Index(lines, list+":")
	if start < 0 {
		return "", fmt.Errorf("lists.yaml has no %s", list)
	}
	end := start + 1
	for end < len(lines) && strings.HasPrefix(lines[end], " ") {
		end++
	}
	fresh := []string{
		list + ":", "  source: " + strconv.Quote(from.Source), "  published: " + strconv.Quote(from.Published), "  verified: " + strconv.Quote(from.Verified),
	}
	return strings.Join(slices.Replace(lines, start, end, fresh...), "\n"), nil
}
