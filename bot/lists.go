package bot

// List says where a list of the open-data kind comes from. Its rows may be
// told to residents as fact only when it is verified.
type List struct {
	Source    string `yaml:"source"`
	Published string `yaml:"published"` // YYYY-MM-DD, as its publisher says
	Verified  string `yaml:"verified"`
}

// Known reports whether the list's rows may be told as fact.
func (l List) Known() bool { return Checked(l.Verified) }

// Lists are where the lists of a pack come from.
type Lists struct {
	Shelters   List `yaml:"shelters"`
	Facilities List `yaml:"facilities"`
}

// The hazards a shelter can be meant for, by the open-data standard.
const (
	Flood       = "flood"
	Landslide   = "landslide"
	StormSurge  = "storm-surge"
	Earthquake  = "earthquake"
	Tsunami     = "tsunami"
	LargeFire   = "large-fire"
	InlandFlood = "inland-flood"
	Volcano     = "volcano"
)

// Shelter is one row of 指定緊急避難場所一覧. Whether it is open now stands nowhere
// in it: that is never open data.
type Shelter struct {
	ID, Name, Kana, English string
	Address                 string
	Lat, Lon                float64  // degrees, WGS 84; 0 when unknown
	Hazards                 []string // what it is meant for; never send people there for another
	AlsoHousing             bool     // it is a 指定避難所 as well, where people stay
	Capacity                int      // people; 0 when unknown
	CapacityWords           string   // as the city wrote it, when that is not one number
	Phone, Communities      string
	URL, Note               string
}

// Facility is one row of 公共施設一覧.
type Facility struct {
	ID, Name, Kana, Address string
	Lat, Lon                float64 // degrees, WGS 84; 0 when unknown
	Phone                   string
	Days, From, To, Times   string // as the city wrote them
	Access, URL, Note       string
}
