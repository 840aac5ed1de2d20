package understand_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

func TestParseExamples(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, file, data string
		want             []understand.Example
		problems         []string
	}{
		{
			"a window's file", "examples/housing.txt",
			"# 住まい\n@voice nurse\n大家さんに出てってと言われた\tlang:ja +legal\nやちんが たまってる\\nどうしよう\tlang:ja-hira @other\n",
			[]understand.Example{
				{Text: "大家さんに出てってと言われた", Window: "housing", Also: []string{"legal"}, Lang: "ja", Voice: "nurse", At: "examples/housing.txt:3"},
				{Text: "やちんが たまってる\nどうしよう", Window: "housing", Other: true, Lang: "ja-hira", Voice: "nurse", At: "examples/housing.txt:4"},
			}, nil,
		},
		{
			"dangers know their window", "danger-no-bed.txt", "今夜から車の中です\n公園にいます\t=self-reliance\n",
			[]understand.Example{
				{Text: "今夜から車の中です", Window: "housing", Urgent: "no-bed", At: "danger-no-bed.txt:1"},
				{Text: "公園にいます", Window: "self-reliance", Urgent: "no-bed", At: "danger-no-bed.txt:2"},
			}, nil,
		},
		{
			"look-alikes may have no window", "lookalike.txt", "腹筋が死んだ\n",
			[]understand.Example{{Text: "腹筋が死んだ", At: "lookalike.txt:1"}}, nil,
		},
		{
			"columns", "examples/mother/a.tsv", "medical\t熱が39度\t!medical\r\n",
			[]understand.Example{{Text: "熱が39度", Window: "medical", Urgent: "medical", Voice: "mother", At: "examples/mother/a.tsv:1"}}, nil,
		},
		{
			"problems keep their line", "garbage.txt", "ペットボトルは何曜日\t!panic\n\t@other\na\tb\tc\nびん\t?\nえいご\tlang:xx\n",
			nil, []string{
				`garbage.txt:1: unknown danger "panic"`, "garbage.txt:2: the message is empty", "garbage.txt:3: more tabs than one message and its tags need",
				`garbage.txt:4: unknown tag "?"`, `garbage.txt:5: unknown language "xx"`,
			},
		},
		{"columns without a tab", "v/a.tsv", "medical\n", nil, []string{"v/a.tsv:1: a window, a tab and a message are needed"}},
		{"a danger nobody knows", "danger-boredom.txt", "ひま\n", nil, []string{`danger-boredom.txt:0: unknown danger "boredom" in the file's name`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, problems := understand.ParseExamples(tt.file, []byte(tt.data))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			var texts []string
			for _, p := range problems {
				texts = append(texts, p.String())
			}
			if diff := cmp.Diff(tt.problems, texts); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCheckExamplesFindsContradictions(t *testing.T) {
	t.Parallel()
	windows := []understand.WindowInfo{{ID: "housing"}, {ID: "legal"}}
	examples, _ := understand.ParseExamples("v/a.tsv", []byte("housing\t家を出されます\nlegal\t 家を出されます\nhousing\t家を出されます\nhosing\t屋根が漏る\n"))
	var got []string
	for _, p := range understand.CheckExamples(examples, windows) {
		got = append(got, p.String())
	}
	want := []string{
		"v/a.tsv:2: says legal, the same words at v/a.tsv:1 say housing",
		"v/a.tsv:3: the same words stand at v/a.tsv:1",
		`v/a.tsv:4: unknown window "hosing"`,
	}
	if diff := cmp.Diff(strings.Join(want, "\n"), strings.Join(got, "\n")); diff != "" {
		t.Error(diff)
	}
}
