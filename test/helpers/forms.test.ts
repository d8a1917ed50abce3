import { describe, expect, it } from 'vitest';
import { formsIn, linksIn } from './forms.ts';

const PAGE = `<p><a class="button" href="/a?b=1&amp;c=2">Nieuw
  <span class="unseen">document</span></a
></p><form method="get" action="/zoek"><input name="q" /></form>
<form method="post" action="/x" enctype="multipart/form-data">
  <input type="hidden" name="session" value="s" />
  <div><label for="title">Titel</label><input id="title" name="title" value="A &lt;b&gt;" /></div>
  <label for="text">Tekst</label><textarea id="text" name="text">\n\nregel</textarea>
  <label for="year">Jaar</label><select id="year" name="year"><option value="1">een</option><option value="2" selected>twee</option></select>
  <fieldset><legend>Wie</legend><label><input type="checkbox" name="who" value="ro" checked />RO</label>
    <label><input type="checkbox" name="who" value="wsv" />WSV, <b>niet</b> "checked"</label></fieldset>
  <input type="radio" name="how" value="a" /><input type="radio" name="how" value="b" checked />
  <input type="file" name="file" />
  <button name="act" value="save">Bewaar</button><button>Ga <b>door</b></button>
</form>`;

describe('a form of a page', () => {
  it('is sent as it stands, with what was filled in', () => {
    const [form] = formsIn(PAGE) as [ReturnType<typeof formsIn>[number]];
    expect([form.action, form.takesFiles, form.buttons]).toEqual(['/x', true, ['Bewaar', 'Ga door']]);
    expect(form.names.map((name) => [name, form.labelOf(name), form.valuesOf(name)])).toEqual([
      ['title', 'Titel', ['A <b>']],
      ['text', 'Tekst', ['\nregel']],
      ['year', 'Jaar', ['2']],
      ['who', 'Wie', ['ro']],
      ['how', '', ['b']],
      ['file', '', ['']],
    ]);
    form.fill('who', 'ro', 'wsv');
    form.fill('year', '1');
    expect(new URLSearchParams(form.pressed('Bewaar')).toString()).toBe(
      'session=s&title=A+%3Cb%3E&text=%0Aregel&year=1&who=ro&who=wsv&how=b&act=save',
    );
    expect(form.pressed(/^Ga/).at(-1)).toEqual(['how', 'b']);
  });

  it('takes nothing that does not stand on it', () => {
    const [form] = formsIn(PAGE) as [ReturnType<typeof formsIn>[number]];
    expect(() => form.fill('absent', 'x')).toThrow('no field absent');
    expect(() => form.fill('year', '3')).toThrow('does not offer 3');
    expect(() => form.fill('who', 'practice')).toThrow('does not offer practice');
    expect(() => form.fill('session', 'x')).toThrow('does not offer');
    expect(() => form.pressed('Verwijder')).toThrow('no button Verwijder');
  });

  it('stands beside links, which are known by what they say', () => {
    expect(linksIn(PAGE)).toEqual([{ label: 'Nieuw document', href: '/a?b=1&c=2' }]);
  });
});
