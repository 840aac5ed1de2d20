package check

import (
	"slices"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

const coordinatorsFile = "coordinators.yaml"

// coordinators looks at who looks after the towns.
func (c *checker) coordinators() {
	if !c.has(coordinatorsFile) {
		return
	}
	people := c.c.Coordinators.People
	for i, p := range people {
		path := at("people", i)
		if p.Name == "" {
			c.fail(coordinatorsFile, path, "write name: as residents read it", "a coordinator has no name")
		}
		if slices.ContainsFunc(people[:i], func(x bot.Coordinator) bool { return x.Name == p.Name }) {
			c.fail(coordinatorsFile, path+".name", "join the two", "%s stands twice", p.Name)
		}
		if len(p.Areas) == 0 {
			c.fail(coordinatorsFile, path, "write areas: of areas.yaml", "%s looks after no area", p.Name)
		}
		for k, id := range p.Areas {
			if c.c.Area(id) == nil {
				c.fail(coordinatorsFile, path+"."+at("areas", k), "use an id of areas.yaml", "there is no area %q", id)
			}
		}
		for k, a := range p.Away {
			away := path + "." + at("away", k)
			for key, day := range map[string]string{"from": a.From, "to": a.To} {
				if _, err := time.Parse(time.DateOnly, day); err != nil {
					c.fail(coordinatorsFile, away+"."+key, "write YYYY-MM-DD", "%q is no day", day)
				}
			}
			if a.To < a.From {
				c.fail(coordinatorsFile, away, "swap from and to", "the absence ends on %s, before it begins", a.To)
			}
			if a.By != "" && (a.By == p.Name || !slices.ContainsFunc(people, func(x bot.Coordinator) bool { return x.Name == a.By })) {
				c.fail(coordinatorsFile, away+".by", "write the name of another coordinator", "nobody else is called %q", a.By)
			}
		}
	}
}
