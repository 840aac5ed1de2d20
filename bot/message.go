package bot

// Message is something a resident sees, before any platform's format. The set
// is closed. Limits are LINE's and are kept by package line, which also tests
// them against the longest texts of the pack.
type Message interface{ message() }

// Text is a plain bubble.
type Text struct {
	Text    string
	Choices []Choice // shown under the last message only, gone with the next
}

// Cards is one card, or several to swipe through.
type Cards struct {
	Alt     string // read aloud, and shown in the notification
	Cards   []Card
	Choices []Choice
}

// Picture is one picture in the chat. Both addresses are https: and end after a
// while; Preview is the small one that is seen first.
type Picture struct {
	URL, Preview string
	Choices      []Choice
}

// Card is a window, an opportunity, or telephone numbers in danger.
type Card struct {
	Title   string
	Lines   []string
	Small   string // fine print: source, price of the call
	Buttons []Button
	Danger  bool // drawn so that it cannot be overlooked
}

// Button is one action on a card. Exactly one of Data and URL is set.
type Button struct {
	Label string
	Data  string // verb or verb:argument, comes back as Tapped
	URL   string // https: or tel:
}

// Choice is a quick answer. Tapping it shows Label in the chat as the
// resident's own words and comes back as Tapped{Data}.
type Choice struct {
	Label string
	Data  string
}

func (Text) message()    {}
func (Cards) message()   {}
func (Picture) message() {}
