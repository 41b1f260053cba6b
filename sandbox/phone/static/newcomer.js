// Whose phone this is: the person in the address, the one remembered in this browser, or a new one.

import { $ } from "./dom.js";
import { Refused, findPerson, makePerson } from "./sandbox.js";
import { directionOf, isTranslated, languages, localeOf, wordsOf } from "./words.js";

const place = "sandbox-phone-person";

export function rememberPerson({ id, first_name, language_code }) {
  try {
    localStorage.setItem(place, JSON.stringify({ id, first_name, language_code }));
  } catch {
    // a browser that keeps nothing: the address still names the person
  }
}

function remembered() {
  try {
    const person = JSON.parse(localStorage.getItem(place));
    return Number.isSafeInteger(person?.id) && person.first_name ? person : null;
  } catch {
    return null;
  }
}

/** The person of this page, if it has one. Waits for a server that is away. */
export async function recallPerson() {
  const address = new URLSearchParams(location.search);
  if (address.has("new")) {
    return null;
  }
  const known = remembered();
  const id = Number(address.get("user")) || known?.id;
  if (!id) {
    return null;
  }
  for (let wait = 300; ; wait = Math.min(wait * 2, 5000)) {
    try {
      const found = await findPerson(id);
      if (found === undefined && known?.id === id) {
        return await makePerson(known);
      }
      return found ?? null;
    } catch (error) {
      if (error instanceof Refused && error.status < 500) {
        return null;
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

/** Lets somebody say who they are, and gives them a phone. */
export function askForPerson() {
  const form = $("person");
  const language = form.elements.language_code;
  language.replaceChildren(...Object.entries(languages).map(([code, name]) => new Option(name, code)));
  const own = localeOf(navigator.language).split("-")[0];
  language.value = own in languages ? own : "en";
  const speak = () => {
    const words = wordsOf(language.value);
    document.documentElement.lang = isTranslated(language.value) ? language.value : "en";
    document.documentElement.dir = isTranslated(language.value) ? directionOf(language.value) : "ltr";
    $("person-title").textContent = words.who;
    $("person-name").textContent = words.name;
    $("person-language").textContent = words.language;
    $("person-go").textContent = words.go;
    document.title = words.who;
  };
  language.addEventListener("change", speak);
  speak();
  $("newcomer").hidden = false;
  form.elements.first_name.focus();
  return new Promise((resolve) => {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const person = { first_name: form.elements.first_name.value.trim(), language_code: language.value };
      const wanted = Number(new URLSearchParams(location.search).get("user"));
      if (Number.isSafeInteger(wanted) && wanted > 0) {
        person.id = wanted;
      }
      $("person-go").disabled = true;
      $("person-trouble").textContent = "";
      try {
        const made = await makePerson(person);
        $("newcomer").hidden = true;
        resolve(made);
      } catch (error) {
        const words = wordsOf(language.value);
        $("person-trouble").textContent = error instanceof Refused ? error.message : words.away;
        $("person-go").disabled = false;
      }
    });
  });
}
