<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AccuracyChart</name>
    <message>
        <source>Recall against time</source>
        <translation>Recall über der Zeit</translation>
    </message>
    <message>
        <source>{} %</source>
        <translation>{} %</translation>
    </message>
    <message>
        <source>milliseconds for a search</source>
        <translation>Millisekunden je Suche</translation>
    </message>
    <message>
        <source>usual</source>
        <translation>üblich</translation>
    </message>
    <message>
        <source>exact</source>
        <translation>genau</translation>
    </message>
</context>
<context>
    <name>AccuracyPanel</name>
    <message>
        <source>Accuracy of the search</source>
        <translation>Genauigkeit der Suche</translation>
    </message>
    <message>
        <source>Measure now</source>
        <translation>Jetzt messen</translation>
    </message>
    <message>
        <source>Found neighbours against time</source>
        <translation>Gefundene Nachbarn über der Zeit</translation>
    </message>
    <message>
        <source>Measuring… {} %</source>
        <translation>Messung läuft&#xa0;… {} %</translation>
    </message>
    <message>
        <source>What this point has measured</source>
        <translation>Messwerte dieses Punktes</translation>
    </message>
    <message>
        <source>Not measured yet. It takes about a minute, and begins by itself when nothing else is to be done.</source>
        <translation>Noch nicht gemessen. Das dauert etwa eine Minute und beginnt von selbst, sobald nichts anderes zu tun ist.</translation>
    </message>
</context>
<context>
    <name>AccuracyWords</name>
    <message>
        <source>{} of 100</source>
        <translation>{} von 100</translation>
    </message>
    <message>
        <source>{} of 100 true neighbours</source>
        <translation>{} von 100 echten Nachbarn</translation>
    </message>
    <message>
        <source>nprobe {} · not measured yet</source>
        <translation>nprobe {} · noch nicht gemessen</translation>
    </message>
    <message>
        <source>exact</source>
        <translation>genau</translation>
    </message>
    <message>
        <source>This library is small enough to compare every photo: all searches are exact.</source>
        <translation>Diese Bibliothek ist klein genug, um jedes Foto zu vergleichen: Jede Suche ist genau.</translation>
    </message>
    <message>
        <source>{} ms</source>
        <translation>{} ms</translation>
    </message>
    <message>
        <source>Compares with every photo and misses nothing.</source>
        <translation>Vergleicht mit jedem Foto, und nichts entgeht.</translation>
    </message>
    <message>
        <source>median {}</source>
        <translation>Median {}</translation>
    </message>
    <message>
        <source>Looks into {} of {} lists of the index</source>
        <translation>Sieht in {} von {} Listen des Index nach</translation>
    </message>
    <message>
        <source>not measured yet</source>
        <translation>noch nicht gemessen</translation>
    </message>
    <message>
        <source>Measured with 1 of your photos, {}</source>
        <translation>Gemessen mit 1 Foto der Bibliothek, {}</translation>
    </message>
    <message>
        <source>Measured with {} of your photos, {}</source>
        <translation>Gemessen mit {} Fotos der Bibliothek, {}</translation>
    </message>
    <message>
        <source>The last search: exact, {}</source>
        <translation>Letzte Suche: genau, {}</translation>
    </message>
    <message>
        <source>The last search: approximate, nprobe {}, {}</source>
        <translation>Letzte Suche: ungefähr, nprobe {}, {}</translation>
    </message>
    <message>
        <source>recall@1 {} · recall@10 {} ± {} · recall@100 {}</source>
        <translation>Recall@1 {} · Recall@10 {} ± {} · Recall@100 {}</translation>
    </message>
    <message>
        <source>median {} · p95 {}</source>
        <translation>Median {} · p95 {}</translation>
    </message>
    <message>
        <source>{} %</source>
        <translation>{} %</translation>
    </message>
    <message>
        <source>nprobe {}</source>
        <translation>nprobe {}</translation>
    </message>
</context>
<context>
    <name>ActionSet</name>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Photo</source>
        <translation>&amp;Foto</translation>
    </message>
    <message>
        <source>&amp;Search</source>
        <translation>&amp;Suche</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Add a folder…</source>
        <translation>&amp;Ordner hinzufügen&#xa0;…</translation>
    </message>
    <message>
        <source>Add a folder of photos to the library</source>
        <translation>Einen Ordner mit Fotos zur Bibliothek hinzufügen</translation>
    </message>
    <message>
        <source>&amp;Rescan all folders</source>
        <translation>Alle Ordner &amp;neu einlesen</translation>
    </message>
    <message>
        <source>Look for new, changed and removed photos in all folders</source>
        <translation>In allen Ordnern nach neuen, geänderten und gelöschten Fotos sehen</translation>
    </message>
    <message>
        <source>&amp;Pause indexing</source>
        <translation>Einlesen &amp;anhalten</translation>
    </message>
    <message>
        <source>Pause reading photos, or go on</source>
        <translation>Das Einlesen der Fotos anhalten oder fortsetzen</translation>
    </message>
    <message>
        <source>Index &amp;health…</source>
        <translation>&amp;Zustand des Suchindex&#xa0;…</translation>
    </message>
    <message>
        <source>See how the search index is, and look after it</source>
        <translation>Sehen, wie es um den Suchindex steht, und ihn pflegen</translation>
    </message>
    <message>
        <source>Open &amp;library…</source>
        <translation>B&amp;ibliothek öffnen&#xa0;…</translation>
    </message>
    <message>
        <source>Open another library, or make a new one</source>
        <translation>Eine andere Bibliothek öffnen oder eine neue anlegen</translation>
    </message>
    <message>
        <source>&amp;Settings…</source>
        <translation>&amp;Einstellungen&#xa0;…</translation>
    </message>
    <message>
        <source>Change how photofind looks and works</source>
        <translation>Aussehen und Arbeitsweise von photofind ändern</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>Close photofind; indexing goes on at the next start</source>
        <translation>photofind schließen; das Einlesen geht beim nächsten Start weiter</translation>
    </message>
    <message>
        <source>&amp;Copy image</source>
        <translation>Bild &amp;kopieren</translation>
    </message>
    <message>
        <source>Copy the photo to the clipboard</source>
        <translation>Das Foto in die Zwischenablage kopieren</translation>
    </message>
    <message>
        <source>Copy pat&amp;h</source>
        <translation>P&amp;fad kopieren</translation>
    </message>
    <message>
        <source>Copy the names of the selected files with their folders</source>
        <translation>Die Namen der ausgewählten Dateien mit ihren Ordnern kopieren</translation>
    </message>
    <message>
        <source>P&amp;aste image to search</source>
        <translation>Bild zum Suchen &amp;einfügen</translation>
    </message>
    <message>
        <source>Find photos that look like the image in the clipboard</source>
        <translation>Fotos finden, die dem Bild in der Zwischenablage ähneln</translation>
    </message>
    <message>
        <source>&amp;Select all</source>
        <translation>&amp;Alle auswählen</translation>
    </message>
    <message>
        <source>Select every photo that is listed</source>
        <translation>Alle gezeigten Fotos auswählen</translation>
    </message>
    <message>
        <source>Select &amp;none</source>
        <translation>Auswahl auf&amp;heben</translation>
    </message>
    <message>
        <source>Clear the selection</source>
        <translation>Kein Foto mehr auswählen</translation>
    </message>
    <message>
        <source>All &amp;photos</source>
        <translation>Alle &amp;Fotos</translation>
    </message>
    <message>
        <source>Show all photos of the library</source>
        <translation>Alle Fotos der Bibliothek zeigen</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>&amp;Zurück</translation>
    </message>
    <message>
        <source>Go back to what was shown before</source>
        <translation>Zurück zu dem, was vorher zu sehen war</translation>
    </message>
    <message>
        <source>&amp;Forward</source>
        <translation>&amp;Vorwärts</translation>
    </message>
    <message>
        <source>Go forward again</source>
        <translation>Wieder vorwärts gehen</translation>
    </message>
    <message>
        <source>Sort by &amp;date</source>
        <translation>Nach &amp;Datum sortieren</translation>
    </message>
    <message>
        <source>Sort by the time when the photos were taken</source>
        <translation>Nach der Aufnahmezeit sortieren</translation>
    </message>
    <message>
        <source>Sort by &amp;name</source>
        <translation>Nach &amp;Namen sortieren</translation>
    </message>
    <message>
        <source>Sort by the names of the files</source>
        <translation>Nach den Dateinamen sortieren</translation>
    </message>
    <message>
        <source>Sort by fo&amp;lder</source>
        <translation>Nach &amp;Ordner sortieren</translation>
    </message>
    <message>
        <source>Sort by folder, then by name</source>
        <translation>Nach Ordner und dann nach Namen sortieren</translation>
    </message>
    <message>
        <source>Sort by &amp;size</source>
        <translation>Nach &amp;Größe sortieren</translation>
    </message>
    <message>
        <source>Sort by the size of the files</source>
        <translation>Nach der Größe der Dateien sortieren</translation>
    </message>
    <message>
        <source>&amp;Reverse the order</source>
        <translation>&amp;Reihenfolge umkehren</translation>
    </message>
    <message>
        <source>Turn the order around</source>
        <translation>Die Reihenfolge umdrehen</translation>
    </message>
    <message>
        <source>Lar&amp;ger thumbnails</source>
        <translation>Größere Vor&amp;schaubilder</translation>
    </message>
    <message>
        <source>Show fewer, larger photos</source>
        <translation>Weniger, dafür größere Fotos zeigen</translation>
    </message>
    <message>
        <source>S&amp;maller thumbnails</source>
        <translation>Kleinere Vorschau&amp;bilder</translation>
    </message>
    <message>
        <source>Show more, smaller photos</source>
        <translation>Mehr, dafür kleinere Fotos zeigen</translation>
    </message>
    <message>
        <source>Fold&amp;ers</source>
        <translation>Ordn&amp;er</translation>
    </message>
    <message>
        <source>Show or hide the folders of the library</source>
        <translation>Die Ordner der Bibliothek zeigen oder verbergen</translation>
    </message>
    <message>
        <source>Sa&amp;ved searches</source>
        <translation>Gespeicherte S&amp;uchen</translation>
    </message>
    <message>
        <source>Show or hide the searches that were saved</source>
        <translation>Die gespeicherten Suchen zeigen oder verbergen</translation>
    </message>
    <message>
        <source>De&amp;tails</source>
        <translation>Deta&amp;ils</translation>
    </message>
    <message>
        <source>Show or hide the details of the photo</source>
        <translation>Die Angaben zum Foto zeigen oder verbergen</translation>
    </message>
    <message>
        <source>Files that &amp;could not be read</source>
        <translation>Nicht lesbare D&amp;ateien</translation>
    </message>
    <message>
        <source>Show or hide the list of files that could not be read</source>
        <translation>Die Liste der Dateien zeigen oder verbergen, die nicht gelesen werden konnten</translation>
    </message>
    <message>
        <source>D&amp;uplicates</source>
        <translation>Du&amp;plikate</translation>
    </message>
    <message>
        <source>Find photos that are copies of each other, and decide which to keep</source>
        <translation>Fotos finden, die Kopien voneinander sind, und entscheiden, welche bleiben</translation>
    </message>
    <message>
        <source>&amp;Find similar</source>
        <translation>Ä&amp;hnliche finden</translation>
    </message>
    <message>
        <source>Find photos that look like the selected ones</source>
        <translation>Fotos finden, die den ausgewählten ähneln</translation>
    </message>
    <message>
        <source>&amp;More like this</source>
        <translation>&amp;Mehr davon</translation>
    </message>
    <message>
        <source>Add the selected photos to what is searched for</source>
        <translation>Die ausgewählten Fotos zur Suche hinzunehmen</translation>
    </message>
    <message>
        <source>&amp;Less like this</source>
        <translation>&amp;Weniger davon</translation>
    </message>
    <message>
        <source>Lead the search away from the selected photos</source>
        <translation>Die Suche von den ausgewählten Fotos wegführen</translation>
    </message>
    <message>
        <source>&amp;Preview</source>
        <translation>&amp;Vorschau</translation>
    </message>
    <message>
        <source>Look at the photo in full</source>
        <translation>Das Foto groß ansehen</translation>
    </message>
    <message>
        <source>&amp;Open in another program</source>
        <translation>In anderem &amp;Programm öffnen</translation>
    </message>
    <message>
        <source>Open the photo in the program that the system has for it</source>
        <translation>Das Foto im dafür vorgesehenen Programm öffnen</translation>
    </message>
    <message>
        <source>&amp;Show in the file manager</source>
        <translation>Im &amp;Dateimanager zeigen</translation>
    </message>
    <message>
        <source>Show the file in its folder</source>
        <translation>Die Datei in ihrem Ordner zeigen</translation>
    </message>
    <message>
        <source>Search by &amp;words</source>
        <translation>Mit &amp;Wörtern suchen</translation>
    </message>
    <message>
        <source>Type what you remember of the photos; the key / does it as well</source>
        <translation>Eingeben, was von den Fotos in Erinnerung ist; auch mit der Taste /</translation>
    </message>
    <message>
        <source>Search by &amp;image file…</source>
        <translation>Mit &amp;Bilddatei suchen&#xa0;…</translation>
    </message>
    <message>
        <source>Find photos that look like an image file</source>
        <translation>Fotos finden, die einer Bilddatei ähneln</translation>
    </message>
    <message>
        <source>&amp;Clear the search</source>
        <translation>Suche &amp;leeren</translation>
    </message>
    <message>
        <source>Take all words and images out of the search</source>
        <translation>Alle Wörter und Bilder aus der Suche nehmen</translation>
    </message>
    <message>
        <source>Look for &amp;more of the same</source>
        <translation>&amp;Mehr dergleichen suchen</translation>
    </message>
    <message>
        <source>Search again with what the best results have in common</source>
        <translation>Noch einmal mit dem suchen, was die besten Treffer gemeinsam haben</translation>
    </message>
    <message>
        <source>&amp;Exact search</source>
        <translation>&amp;Genaue Suche</translation>
    </message>
    <message>
        <source>Compare with every photo: slower, and misses nothing</source>
        <translation>Mit jedem Foto vergleichen: langsamer, dafür entgeht nichts</translation>
    </message>
    <message>
        <source>Accurac&amp;y and speed</source>
        <translation>Genauigkeit und &amp;Tempo</translation>
    </message>
    <message>
        <source>What each position of the slider finds, and how long it takes</source>
        <translation>Was jede Stellung des Reglers findet und wie lange sie dafür braucht</translation>
    </message>
    <message>
        <source>&amp;Filters</source>
        <translation>&amp;Filter</translation>
    </message>
    <message>
        <source>Show only photos of some days, folders, cameras or kinds</source>
        <translation>Nur Fotos bestimmter Tage, Ordner, Kameras oder Arten zeigen</translation>
    </message>
    <message>
        <source>Clea&amp;r the filters</source>
        <translation>Filter &amp;aufheben</translation>
    </message>
    <message>
        <source>Take all filters off; the search stays</source>
        <translation>Alle Filter aufheben; die Suche bleibt</translation>
    </message>
    <message>
        <source>&amp;Save this search…</source>
        <translation>Diese Suche &amp;speichern&#xa0;…</translation>
    </message>
    <message>
        <source>Keep this search with its filters by a name</source>
        <translation>Diese Suche mit ihren Filtern unter einem Namen behalten</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts</source>
        <translation>&amp;Tastenkürzel</translation>
    </message>
    <message>
        <source>List all keyboard shortcuts</source>
        <translation>Alle Tastenkürzel zeigen</translation>
    </message>
    <message>
        <source>&amp;Log…</source>
        <translation>&amp;Protokoll…</translation>
    </message>
    <message>
        <source>Show what went wrong, or clear it</source>
        <translation>Zeigen, was schiefging, oder es leeren</translation>
    </message>
    <message>
        <source>&amp;About photofind</source>
        <translation>Ü&amp;ber photofind</translation>
    </message>
    <message>
        <source>Version, licence and where the data lies</source>
        <translation>Version, Lizenz und wo die Daten liegen</translation>
    </message>
    <message>
        <source>The list was written to {}.</source>
        <translation>Die Liste wurde nach {} geschrieben.</translation>
    </message>
    <message>
        <source>No copy of it would have stayed.</source>
        <translation>Keine Kopie davon wäre geblieben.</translation>
    </message>
    <message>
        <source>It is in a protected folder.</source>
        <translation>Es liegt in einem geschützten Ordner.</translation>
    </message>
    <message>
        <source>Its drive is not connected.</source>
        <translation>Sein Laufwerk ist nicht angeschlossen.</translation>
    </message>
    <message>
        <source>It is the file that stays, by another path.</source>
        <translation>Es ist die bleibende Datei unter einem anderen Pfad.</translation>
    </message>
    <message>
        <source>Its bytes differ from those of the photo that stays.</source>
        <translation>Seine Bytes sind andere als die des bleibenden Fotos.</translation>
    </message>
    <message>
        <source>It stays in the place of another photo.</source>
        <translation>Es bleibt an der Stelle eines anderen Fotos.</translation>
    </message>
    <message>
        <source>without a copy that stays</source>
        <translation>ohne bleibende Kopie</translation>
    </message>
    <message>
        <source>in protected folders</source>
        <translation>in geschützten Ordnern</translation>
    </message>
    <message>
        <source>on drives that are not connected</source>
        <translation>auf getrennten Laufwerken</translation>
    </message>
    <message>
        <source>that are the file that stays</source>
        <translation>selbst die bleibende Datei</translation>
    </message>
    <message>
        <source>with other bytes than what stays</source>
        <translation>mit anderen Bytes als das bleibende Foto</translation>
    </message>
    <message>
        <source>needed in the place of another</source>
        <translation>an der Stelle eines anderen gebraucht</translation>
    </message>
    <message>
        <source>Move {} to the trash</source>
        <translation>{} in den Papierkorb verschieben</translation>
    </message>
    <message>
        <source>Move {} to the folder</source>
        <translation>{} in den Ordner verschieben</translation>
    </message>
    <message>
        <source>Replace {} by links</source>
        <translation>{} durch Links ersetzen</translation>
    </message>
    <message>
        <source>Putting photos back</source>
        <translation>Fotos werden zurückgelegt</translation>
    </message>
    <message>
        <source>Moving photos to the trash</source>
        <translation>Fotos werden in den Papierkorb verschoben</translation>
    </message>
    <message>
        <source>Moving photos to the folder</source>
        <translation>Fotos werden in den Ordner verschoben</translation>
    </message>
    <message>
        <source>Replacing photos by links</source>
        <translation>Fotos werden durch Links ersetzt</translation>
    </message>
    <message>
        <source>{} skipped</source>
        <translation>{} übersprungen</translation>
    </message>
    <message>
        <source>{} not reached</source>
        <translation>{} nicht erreicht</translation>
    </message>
    <message>
        <source>{} put back</source>
        <translation>{} zurückgelegt</translation>
    </message>
    <message>
        <source>{} moved to the trash</source>
        <translation>{} in den Papierkorb verschoben</translation>
    </message>
    <message>
        <source>{} moved to the folder</source>
        <translation>{} in den Ordner verschoben</translation>
    </message>
    <message>
        <source>{} replaced by links</source>
        <translation>{} durch Links ersetzt</translation>
    </message>
    <message>
        <source>in the trash</source>
        <translation>im Papierkorb</translation>
    </message>
    <message>
        <source>moved</source>
        <translation>verschoben</translation>
    </message>
    <message>
        <source>a link</source>
        <translation>ein Link</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>übersprungen</translation>
    </message>
    <message>
        <source>put back</source>
        <translation>zurückgelegt</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>1 folder</source>
        <translation>1 Ordner</translation>
    </message>
    <message>
        <source>{} folders</source>
        <translation>{} Ordnern</translation>
    </message>
    <message>
        <source>marked by hand</source>
        <translation>von Hand markiert</translation>
    </message>
    <message>
        <source>{} to the trash</source>
        <translation>{} in den Papierkorb</translation>
    </message>
    <message>
        <source>{} to a folder</source>
        <translation>{} in einen Ordner</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>unterbrochen</translation>
    </message>
    <message>
        <source>partly taken back</source>
        <translation>teils zurückgenommen</translation>
    </message>
    <message>
        <source>taken back</source>
        <translation>zurückgenommen</translation>
    </message>
    <message>
        <source>nothing was done</source>
        <translation>nichts wurde getan</translation>
    </message>
    <message>
        <source>done, {} skipped</source>
        <translation>erledigt, {} übersprungen</translation>
    </message>
    <message>
        <source>done</source>
        <translation>erledigt</translation>
    </message>
    <message>
        <source>{} can be put back</source>
        <translation>zurückzulegen: {}</translation>
    </message>
    <message>
        <source>{} failed</source>
        <translation>{} fehlgeschlagen</translation>
    </message>
    <message>
        <source>{} interrupted</source>
        <translation>{} unterbrochen</translation>
    </message>
    <message>
        <source>moved to {}</source>
        <translation>verschoben nach {}</translation>
    </message>
    <message>
        <source>An action was interrupted: {} of {} had been moved to the trash.</source>
        <translation>Ein Vorgang wurde unterbrochen: {} von {} waren schon im Papierkorb.</translation>
    </message>
    <message>
        <source>An action was interrupted: {} of {} had been moved to the folder.</source>
        <translation>Ein Vorgang wurde unterbrochen: {} von {} waren schon im Ordner.</translation>
    </message>
    <message>
        <source>An action was interrupted: {} of {} had been replaced by links.</source>
        <translation>Ein Vorgang wurde unterbrochen: {} von {} waren schon durch Links ersetzt.</translation>
    </message>
</context>
<context>
    <name>AnswerWords</name>
    <message>
        <source>exact</source>
        <translation>genau</translation>
    </message>
    <message>
        <source>approximate</source>
        <translation>ungefähr</translation>
    </message>
    <message>
        <source>{} ms</source>
        <translation>{} ms</translation>
    </message>
    <message>
        <source>Understood: {}</source>
        <translation>Verstanden: {}</translation>
    </message>
    <message>
        <source>Nothing known of {}</source>
        <translation>Unbekannt: {}</translation>
    </message>
    <message>
        <source>1 photo could not be compared: its embedding is damaged; run `photofind doctor`.</source>
        <translation>1 Foto konnte nicht verglichen werden: seine Einbettung ist beschädigt; `photofind doctor` ausführen.</translation>
    </message>
    <message>
        <source>{} photos could not be compared: their embeddings are damaged; run `photofind doctor`.</source>
        <translation>{} Fotos konnten nicht verglichen werden: ihre Einbettungen sind beschädigt; `photofind doctor` ausführen.</translation>
    </message>
    <message>
        <source>{} of {} photos match the filters</source>
        <translation>{} von {} Fotos passen zu den Filtern</translation>
    </message>
    <message>
        <source>1 photo matches the filters</source>
        <translation>1 Foto passt zu den Filtern</translation>
    </message>
    <message>
        <source>{} photos match the filters</source>
        <translation>{} Fotos passen zu den Filtern</translation>
    </message>
    <message>
        <source>photofind does not know {}</source>
        <translation>photofind kennt {} nicht</translation>
    </message>
    <message>
        <source>Try other words for it, or the name of a folder, a place or a year.</source>
        <translation>Andere (englische) Wörter versuchen, oder Ordner, Ort oder Jahr.</translation>
    </message>
    <message>
        <source>Or start from a photo: drop a picture here, or click one that is close.</source>
        <translation>Oder ein Bild hierher ziehen oder ein ähnliches Foto anklicken.</translation>
    </message>
    <message>
        <source>A model pack for words, from the settings, knows more of them.</source>
        <translation>Ein Modell für Wörter, aus den Einstellungen, kennt mehr davon.</translation>
    </message>
    <message>
        <source>Try fewer or other words.</source>
        <translation>Weniger oder andere Wörter versuchen.</translation>
    </message>
    <message>
        <source>Or let the filters keep more photos.</source>
        <translation>Oder die Filter mehr Fotos behalten lassen.</translation>
    </message>
    <message>
        <source>No photos found</source>
        <translation>Keine Fotos gefunden</translation>
    </message>
    <message>
        <source>Change or take out {} in the words.</source>
        <translation>Ändern oder entfernen Sie {} in den Wörtern.</translation>
    </message>
    <message>
        <source>No photo matches the filters</source>
        <translation>Kein Foto passt zu den Filtern</translation>
    </message>
    <message>
        <source>Change or clear the filters to see more.</source>
        <translation>Mit anderen Filtern oder ohne sind mehr zu sehen.</translation>
    </message>
    <message>
        <source>No photo matches the words</source>
        <translation>Kein Foto passt zu den Wörtern</translation>
    </message>
    <message>
        <source>No photo matches the filters and the words</source>
        <translation>Kein Foto passt zu den Filtern und den Wörtern</translation>
    </message>
    <message>
        <source>No other photos yet</source>
        <translation>Noch keine anderen Fotos</translation>
    </message>
    <message>
        <source>Best matches first</source>
        <translation>Passendste zuerst</translation>
    </message>
    <message>
        <source>Most alike first</source>
        <translation>Ähnlichste zuerst</translation>
    </message>
    <message>
        <source>No photo looks much alike</source>
        <translation>Kein Foto sieht sehr ähnlich aus</translation>
    </message>
    <message>
        <source>1 photo looks alike</source>
        <translation>1 Foto sieht ähnlich aus</translation>
    </message>
    <message>
        <source>More than {} photos look alike</source>
        <translation>Mehr als {} Fotos sehen ähnlich aus</translation>
    </message>
    <message>
        <source>{} photos look alike</source>
        <translation>{} Fotos sehen ähnlich aus</translation>
    </message>
    <message>
        <source>No photo fits well</source>
        <translation>Kein Foto passt gut</translation>
    </message>
    <message>
        <source>1 photo fits well</source>
        <translation>1 Foto passt gut</translation>
    </message>
    <message>
        <source>More than {} photos fit well</source>
        <translation>Mehr als {} Fotos passen gut</translation>
    </message>
    <message>
        <source>{} photos fit well</source>
        <translation>{} Fotos passen gut</translation>
    </message>
    <message>
        <source>“{}”</source>
        <translation>„{}“</translation>
    </message>
</context>
<context>
    <name>ApplyDialog</name>
    <message>
        <source>Remove duplicates</source>
        <translation>Duplikate entfernen</translation>
    </message>
    <message>
        <source>E&amp;xport…</source>
        <translation>E&amp;xportieren&#xa0;…</translation>
    </message>
    <message>
        <source>Write the list as a table (CSV) or as JSON, and change nothing</source>
        <translation>Die Liste als Tabelle (CSV) oder als JSON schreiben und nichts ändern</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>&amp;Anhalten</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Ctrl+Return</source>
        <translation>Strg+Eingabe</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>BackgroundWork</name>
    <message>
        <source>1 photo</source>
        <translation>1 Foto</translation>
    </message>
    <message>
        <source>{} photos</source>
        <translation>{} Fotos</translation>
    </message>
    <message>
        <source>{} was removed from the library with {}; the files are where they were.</source>
        <translation>{} wurde mit {} aus der Bibliothek entfernt; die Dateien sind noch da, wo sie waren.</translation>
    </message>
    <message>
        <source>All photos are read again with the model {}; until then, search goes on with the old one.</source>
        <translation>Alle Fotos werden mit dem Modell {} neu gelesen; bis dahin sucht das alte weiter.</translation>
    </message>
</context>
<context>
    <name>BulkDialog</name>
    <message>
        <source>Apply suggestions to the rest</source>
        <translation>Vorschläge auf den Rest anwenden</translation>
    </message>
    <message>
        <source>Nothing is decided in 1 group.</source>
        <translation>In 1 Gruppe ist noch nichts entschieden.</translation>
    </message>
    <message>
        <source>Nothing is decided in {} groups.</source>
        <translation>In {} Gruppen ist noch nichts entschieden.</translation>
    </message>
    <message>
        <source>Mark what is suggested for copies that are:</source>
        <translation>Die Vorschläge für diese Kopien markieren:</translation>
    </message>
    <message>
        <source>Similar shots are never marked this way. Photos are only marked: nothing is removed yet.</source>
        <translation>Ähnliche Fotos werden so nie markiert. Fotos werden nur markiert: Entfernt wird noch nichts.</translation>
    </message>
    <message>
        <source>Mark</source>
        <translation>Markieren</translation>
    </message>
    <message>
        <source>{} (part of the picture is lost if the kept one is the crop)</source>
        <translation>{} (ein Teil des Bildes geht verloren, wenn der Ausschnitt behalten wird)</translation>
    </message>
    <message>
        <source>{} (the edited version may be the one you want)</source>
        <translation>{} (vielleicht ist gerade die bearbeitete Fassung die gewünschte)</translation>
    </message>
</context>
<context>
    <name>CalendarPopup</name>
    <message>
        <source>Calendar</source>
        <translation>Kalender</translation>
    </message>
</context>
<context>
    <name>Chip</name>
    <message>
        <source>Query: {}</source>
        <translation>Suche: {}</translation>
    </message>
    <message>
        <source>part of {}</source>
        <translation>Ausschnitt aus {}</translation>
    </message>
    <message>
        <source>Delete takes it out; minus and plus turn it around</source>
        <translation>Entf nimmt es heraus; Minus und Plus kehren es um</translation>
    </message>
    <message>
        <source>Right-click to weigh it or turn it around; drag it to move it</source>
        <translation>Rechtsklick zum Gewichten oder Umkehren; Ziehen zum Verschieben</translation>
    </message>
    <message>
        <source>not</source>
        <translation>nicht</translation>
    </message>
    <message>
        <source>&amp;More like this</source>
        <translation>&amp;Mehr davon</translation>
    </message>
    <message>
        <source>&amp;Less like this</source>
        <translation>&amp;Weniger davon</translation>
    </message>
    <message>
        <source>Counts {}</source>
        <translation>Zählt {}</translation>
    </message>
    <message>
        <source>&amp;Take out</source>
        <translation>&amp;Herausnehmen</translation>
    </message>
    <message>
        <source>Take this out of the query</source>
        <translation>Aus der Suche nehmen</translation>
    </message>
    <message>
        <source>Take {} out of the query</source>
        <translation>{} aus der Suche nehmen</translation>
    </message>
    <message>
        <source>Query: not {}</source>
        <translation>Suche: nicht {}</translation>
    </message>
</context>
<context>
    <name>ChipArea</name>
    <message>
        <source>All parts of the query</source>
        <translation>Alle Teile der Suche</translation>
    </message>
</context>
<context>
    <name>Compare</name>
    <message>
        <source>Not compared with each other: both were compared with the photo that is first in the group.</source>
        <translation>Nicht miteinander verglichen: Beide wurden mit dem ersten Foto der Gruppe verglichen.</translation>
    </message>
    <message>
        <source>probability of a copy {} %</source>
        <translation>Wahrscheinlichkeit einer Kopie {} %</translation>
    </message>
    <message>
        <source>similarity {}</source>
        <translation>Ähnlichkeit {}</translation>
    </message>
    <message>
        <source>hashes differ in {} of {} bits</source>
        <translation>Hashes verschieden in {} von {} Bits</translation>
    </message>
    <message>
        <source>{} matching details</source>
        <translation>{} passende Einzelheiten</translation>
    </message>
    <message>
        <source>both show {} %</source>
        <translation>beide zeigen {} %</translation>
    </message>
    <message>
        <source>mean difference {} %</source>
        <translation>mittlerer Unterschied {} %</translation>
    </message>
    <message>
        <source>No pixel differs.</source>
        <translation>Kein Pixel ist anders.</translation>
    </message>
    <message>
        <source>No pixel differs at this size; the photos are too large to compare every pixel here.</source>
        <translation>In dieser Größe ist kein Pixel anders; um hier jedes Pixel zu vergleichen, sind die Fotos zu groß.</translation>
    </message>
    <message>
        <source>The photos have no place in common.</source>
        <translation>Die Fotos haben keine Stelle gemeinsam.</translation>
    </message>
    <message>
        <source>No difference can be seen at this size.</source>
        <translation>In dieser Größe ist kein Unterschied zu sehen.</translation>
    </message>
    <message>
        <source>Brightness differs by {} % on average, {} % at most.</source>
        <translation>Helligkeit weicht im Mittel {} %, höchstens {} % ab.</translation>
    </message>
    <message>
        <source>Colours differ more: by {} %.</source>
        <translation>Farben weichen stärker ab: um {} %.</translation>
    </message>
    <message>
        <source>less than {}</source>
        <translation>weniger als {}</translation>
    </message>
    <message>
        <source>Same file: every byte is the same.</source>
        <translation>Gleiche Datei: Jedes Byte ist gleich.</translation>
    </message>
    <message>
        <source>Same picture: every pixel is the same, but A is {} and B is {}</source>
        <translation>Gleiches Bild: Jedes Pixel ist gleich, aber A ist {} und B ist {}</translation>
    </message>
    <message>
        <source>Same picture: every pixel is the same; only what the files say beside it differs</source>
        <translation>Gleiches Bild: Jedes Pixel ist gleich; nur die Angaben in den Dateien sind andere</translation>
    </message>
    <message>
        <source>Re-encoded: same frame, {} both</source>
        <translation>Neu kodiert: gleicher Ausschnitt, beide {}</translation>
    </message>
    <message>
        <source>Resized: same frame, A has {} and B {} pixels, the smaller {} % of the larger</source>
        <translation>Andere Größe: gleicher Ausschnitt, A hat {} und B {} Pixel, das kleinere {} % des größeren</translation>
    </message>
    <message>
        <source>Cropped: {}</source>
        <translation>Beschnitten: {}</translation>
    </message>
    <message>
        <source>one shows a part of the other</source>
        <translation>eines zeigt einen Teil des anderen</translation>
    </message>
    <message>
        <source>B shows {} % of A</source>
        <translation>B zeigt {} % von A</translation>
    </message>
    <message>
        <source>A shows {} % of B</source>
        <translation>A zeigt {} % von B</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>geändert</translation>
    </message>
    <message>
        <source>Edited: the same picture</source>
        <translation>Bearbeitet: dasselbe Bild</translation>
    </message>
    <message>
        <source>Similar shot: the same scene, but another picture of it; never suggested to be removed.</source>
        <translation>Ähnliche Aufnahme: dieselbe Szene, aber ein anderes Bild davon; wird nie zum Entfernen vorgeschlagen.</translation>
    </message>
    <message>
        <source>brightness differs by {} % on average</source>
        <translation>Helligkeit weicht im Mittel um {} % ab</translation>
    </message>
    <message>
        <source>mirrored</source>
        <translation>gespiegelt</translation>
    </message>
    <message>
        <source>turned by 180°</source>
        <translation>um 180° gedreht</translation>
    </message>
    <message>
        <source>mirrored top to bottom</source>
        <translation>von oben nach unten gespiegelt</translation>
    </message>
    <message>
        <source>turned by 90° and mirrored</source>
        <translation>um 90° gedreht und gespiegelt</translation>
    </message>
    <message>
        <source>turned by 90°</source>
        <translation>um 90° gedreht</translation>
    </message>
    <message>
        <source>cropped</source>
        <translation>beschnitten</translation>
    </message>
    <message>
        <source>turned</source>
        <translation>gedreht</translation>
    </message>
    <message>
        <source>straightened</source>
        <translation>gerade gerichtet</translation>
    </message>
    <message>
        <source>stretched</source>
        <translation>gestreckt</translation>
    </message>
    <message>
        <source>with a border</source>
        <translation>mit Rand</translation>
    </message>
    <message>
        <source>without colours</source>
        <translation>ohne Farben</translation>
    </message>
    <message>
        <source>with other colours</source>
        <translation>mit anderen Farben</translation>
    </message>
    <message>
        <source>brighter or darker</source>
        <translation>heller oder dunkler</translation>
    </message>
    <message>
        <source>with another contrast</source>
        <translation>mit anderem Kontrast</translation>
    </message>
    <message>
        <source>sharper or softer</source>
        <translation>schärfer oder weicher</translation>
    </message>
    <message>
        <source>with something written or drawn on it</source>
        <translation>beschriftet oder bemalt</translation>
    </message>
</context>
<context>
    <name>CompareTools</name>
    <message>
        <source>Tools to compare</source>
        <translation>Werkzeuge zum Vergleichen</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>{} %</source>
        <translation>{} %</translation>
    </message>
</context>
<context>
    <name>CompareView</name>
    <message>
        <source>Comparison of two photos</source>
        <translation>Vergleich zweier Fotos</translation>
    </message>
</context>
<context>
    <name>ConfirmBar</name>
    <message>
        <source>Question</source>
        <translation>Frage</translation>
    </message>
</context>
<context>
    <name>Crumb</name>
    <message>
        <source>Go back to: {}</source>
        <translation>Zurück zu: {}</translation>
    </message>
    <message>
        <source>Back to {}</source>
        <translation>Zurück zu {}</translation>
    </message>
    <message>
        <source>All photos</source>
        <translation>Alle Fotos</translation>
    </message>
    <message>
        <source>Filtered photos</source>
        <translation>Gefilterte Fotos</translation>
    </message>
    <message>
        <source>{} and {} more</source>
        <translation>{} und {} weitere</translation>
    </message>
</context>
<context>
    <name>DateScrubber</name>
    <message>
        <source>Dates</source>
        <translation>Zeitleiste</translation>
    </message>
    <message>
        <source>Click a month to go to its photos</source>
        <translation>Ein Klick auf einen Monat führt zu seinen Fotos</translation>
    </message>
</context>
<context>
    <name>DayField</name>
    <message>
        <source>any day</source>
        <translation>beliebig</translation>
    </message>
    <message>
        <source>A day, a month or a year: 2021-03-05, 2021-03 or 2021</source>
        <translation>Ein Tag, ein Monat oder ein Jahr: 2021-03-05, 2021-03 oder 2021</translation>
    </message>
    <message>
        <source>Choose from a calendar</source>
        <translation>Aus dem Kalender wählen</translation>
    </message>
    <message>
        <source>This is no day.</source>
        <translation>Das ist kein Tag.</translation>
    </message>
</context>
<context>
    <name>Desktop</name>
    <message>
        <source>No program opened this file: {}</source>
        <translation>Kein Programm hat diese Datei geöffnet: {}</translation>
    </message>
    <message>
        <source>There is no picture to copy.</source>
        <translation>Es gibt kein Bild zum Kopieren.</translation>
    </message>
    <message>
        <source>This file is not there any more, or its drive is not connected: {}</source>
        <translation>Diese Datei ist nicht mehr da, oder ihr Laufwerk ist nicht angeschlossen: {}</translation>
    </message>
    <message>
        <source>No file manager answered; the file lies in {}</source>
        <translation>Kein Dateimanager hat sich gemeldet; die Datei liegt in {}</translation>
    </message>
</context>
<context>
    <name>DetailsPanel</name>
    <message>
        <source>Details of the photo</source>
        <translation>Angaben zum Foto</translation>
    </message>
    <message>
        <source>Found by</source>
        <translation>Gefunden durch</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Lens</source>
        <translation>Objektiv</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Maße</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>File size</source>
        <translation>Dateigröße</translation>
    </message>
    <message>
        <source>Modified</source>
        <translation>Geändert</translation>
    </message>
    <message>
        <source>Software</source>
        <translation>Software</translation>
    </message>
    <message>
        <source>Fired</source>
        <translation>Ausgelöst</translation>
    </message>
    <message>
        <source>Did not fire</source>
        <translation>Nicht ausgelöst</translation>
    </message>
    <message>
        <source>Exposure</source>
        <translation>Belichtung</translation>
    </message>
    <message>
        <source>Aperture</source>
        <translation>Blende</translation>
    </message>
    <message>
        <source>ISO</source>
        <translation>ISO</translation>
    </message>
    <message>
        <source>Focal length</source>
        <translation>Brennweite</translation>
    </message>
    <message>
        <source>Flash</source>
        <translation>Blitz</translation>
    </message>
    <message>
        <source>{} mm</source>
        <translation>{} mm</translation>
    </message>
    <message>
        <source>{} mm (like {} mm on film)</source>
        <translation>{} mm (wie {} mm Kleinbild)</translation>
    </message>
    <message>
        <source>Altitude</source>
        <translation>Höhe</translation>
    </message>
    <message>
        <source>{} m</source>
        <translation>{} m</translation>
    </message>
    <message>
        <source>N</source>
        <translation>N</translation>
    </message>
    <message>
        <source>S</source>
        <translation>S</translation>
    </message>
    <message>
        <source>E</source>
        <translation>O</translation>
    </message>
    <message>
        <source>W</source>
        <translation>W</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Ort</translation>
    </message>
    <message>
        <source>{} pixels ({} MP)</source>
        <translation>{} Pixel ({} MP)</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Copy the coordinates</source>
        <translation>Koordinaten kopieren</translation>
    </message>
    <message>
        <source>d MMMM yyyy, HH:mm</source>
        <comment>the form of a date</comment>
        <translation>d. MMMM yyyy, HH:mm</translation>
    </message>
</context>
<context>
    <name>Dialogs</name>
    <message>
        <source>Copy details</source>
        <translation>Einzelheiten kopieren</translation>
    </message>
    <message>
        <source>About photofind</source>
        <translation>Über photofind</translation>
    </message>
    <message>
        <source>photofind {}</source>
        <translation>photofind {}</translation>
    </message>
    <message>
        <source>Finds photos by how they look. Everything stays on this computer.

Licence: Apache 2.0
Library: {}
Settings: {}
Log: {}</source>
        <translation>Findet Fotos nach ihrem Aussehen. Alles bleibt auf diesem Rechner.

Lizenz: Apache 2.0
Bibliothek: {}
Einstellungen: {}
Protokoll: {}</translation>
    </message>
</context>
<context>
    <name>DifferenceControl</name>
    <message>
        <source>The photos are being read …</source>
        <translation>Die Fotos werden gelesen&#xa0;…</translation>
    </message>
    <message>
        <source>How the photos belong together is not known: they lie over each other as they are.</source>
        <translation>Wie die Fotos zusammengehören, ist nicht bekannt: Sie liegen so übereinander, wie sie sind.</translation>
    </message>
</context>
<context>
    <name>DockTitle</name>
    <message>
        <source>Close this panel</source>
        <translation>Diese Leiste schließen</translation>
    </message>
    <message>
        <source>Close {}</source>
        <translation>{} schließen</translation>
    </message>
</context>
<context>
    <name>DuplicatesPage</name>
    <message>
        <source>Duplicates</source>
        <translation>Duplikate</translation>
    </message>
    <message>
        <source>Pre&amp;ferred folders:</source>
        <translation>Be&amp;vorzugte Ordner:</translation>
    </message>
    <message>
        <source>Of two copies, the one in the folder further up is kept</source>
        <translation>Von zwei Kopien bleibt die, deren Ordner weiter oben steht</translation>
    </message>
    <message>
        <source>Pro&amp;tected folders:</source>
        <translation>&amp;Geschützte Ordner:</translation>
    </message>
    <message>
        <source>Photos in these folders are never moved, removed or replaced</source>
        <translation>Fotos in diesen Ordnern werden nie verschoben, entfernt oder ersetzt</translation>
    </message>
    <message>
        <source>Photos in protected folders are never moved, removed or replaced, whatever path leads to them.</source>
        <translation>Fotos in geschützten Ordnern werden nie verschoben, entfernt oder ersetzt, welcher Pfad auch zu ihnen führt.</translation>
    </message>
    <message>
        <source>Choose at least one rule for which photo is kept.</source>
        <translation>Bitte mindestens eine Regel wählen, welches Foto bleibt.</translation>
    </message>
    <message>
        <source>Of several copies, &amp;keep the one that is:</source>
        <translation>Von mehreren Kopien &amp;bleibt:</translation>
    </message>
    <message>
        <source>Rules for which photo is kept, the most important first</source>
        <translation>Regeln, welches Foto bleibt, die wichtigste zuerst</translation>
    </message>
    <message>
        <source>The first rule that tells two photos apart decides. Alt with the arrow keys moves a rule.</source>
        <translation>Es entscheidet die erste Regel, in der sich zwei Fotos unterscheiden. Alt mit den Pfeiltasten verschiebt eine Regel.</translation>
    </message>
    <message>
        <source>Move &amp;up</source>
        <translation>Nach &amp;oben</translation>
    </message>
    <message>
        <source>Move &amp;down</source>
        <translation>Nach &amp;unten</translation>
    </message>
    <message>
        <source>&amp;Reset the order</source>
        <translation>&amp;Reihenfolge zurücksetzen</translation>
    </message>
    <message>
        <source>larger: more pixels</source>
        <translation>die größere: mehr Pixel</translation>
    </message>
    <message>
        <source>in the better format: RAW, then HEIC, then JPEG</source>
        <translation>die im besseren Format: RAW, dann HEIC, dann JPEG</translation>
    </message>
    <message>
        <source>richer: tells more about when, where and how it was taken</source>
        <translation>die reichere: sagt mehr über Zeit, Ort und Art der Aufnahme</translation>
    </message>
    <message>
        <source>older</source>
        <translation>die ältere</translation>
    </message>
    <message>
        <source>in a preferred folder</source>
        <translation>die in einem bevorzugten Ordner</translation>
    </message>
    <message>
        <source>in the shorter path</source>
        <translation>die mit dem kürzeren Pfad</translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>&amp;Add a folder…</source>
        <translation>Ordner &amp;hinzufügen&#xa0;…</translation>
    </message>
    <message>
        <source>Choose a folder of photos; nothing in it is changed</source>
        <translation>Einen Ordner mit Fotos wählen; darin wird nichts verändert</translation>
    </message>
    <message>
        <source>Your photos, found by how they look</source>
        <translation>Fotos finden nach ihrem Aussehen</translation>
    </message>
    <message>
        <source>Everything stays on this computer.</source>
        <translation>Alles bleibt auf diesem Rechner.</translation>
    </message>
    <message>
        <source>or drop a folder here</source>
        <translation>oder einen Ordner hierher ziehen</translation>
    </message>
</context>
<context>
    <name>EnginePage</name>
    <message>
        <source>Engine</source>
        <translation>Technik</translation>
    </message>
    <message>
        <source>All of this counts from the next scan on.</source>
        <translation>Alles hier gilt ab dem nächsten Einlesen.</translation>
    </message>
    <message>
        <source>&amp;Reset to the defaults</source>
        <translation>Auf &amp;Vorgaben zurücksetzen</translation>
    </message>
    <message>
        <source>This library keeps to {}, which was chosen for it; see the page Models.</source>
        <translation>Diese Bibliothek bleibt bei {}, das für sie gewählt wurde; siehe die Seite „Modelle“.</translation>
    </message>
    <message>
        <source>The photos of this library were read with {}.</source>
        <translation>Die Fotos dieser Bibliothek wurden mit {} gelesen.</translation>
    </message>
    <message>
        <source>This computer has 1 processor.</source>
        <translation>Dieser Rechner hat 1 Prozessor.</translation>
    </message>
    <message>
        <source>This computer has {} processors.</source>
        <translation>Dieser Rechner hat {} Prozessoren.</translation>
    </message>
    <message>
        <source>&amp;Photos read at a time:</source>
        <translation>Fotos &amp;gleichzeitig:</translation>
    </message>
    <message>
        <source>Low</source>
        <translation>Niedrig</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>Normal</translation>
    </message>
    <message>
        <source>P&amp;riority:</source>
        <translation>P&amp;riorität:</translation>
    </message>
    <message>
        <source>Low lets other programs go first.</source>
        <translation>Niedrig lässt anderen Programmen den Vortritt.</translation>
    </message>
    <message>
        <source>&amp;Longest time for a photo:</source>
        <translation>&amp;Längste Zeit für ein Foto:</translation>
    </message>
    <message>
        <source> s</source>
        <translation> s</translation>
    </message>
    <message>
        <source>Largest p&amp;hoto:</source>
        <translation>Größtes F&amp;oto:</translation>
    </message>
    <message>
        <source> megapixels</source>
        <translation> Megapixel</translation>
    </message>
    <message>
        <source>Largest &amp;file:</source>
        <translation>Größte &amp;Datei:</translation>
    </message>
    <message>
        <source> MB</source>
        <translation> MB</translation>
    </message>
    <message>
        <source>What goes beyond is left out, and stands in the list of files that could not be read.</source>
        <translation>Was darüber liegt, wird ausgelassen und steht in der Liste der nicht lesbaren Dateien.</translation>
    </message>
    <message>
        <source>&amp;Memory of a reader:</source>
        <translation>&amp;Speicher je Leseprozess:</translation>
    </message>
    <message>
        <source>M&amp;odel pack:</source>
        <translation>&amp;Modell:</translation>
    </message>
    <message>
        <source>With another model all photos are read again; until then, search goes on with the old one.</source>
        <translation>Mit einem anderen Modell werden alle Fotos neu gelesen; bis dahin sucht das alte weiter.</translation>
    </message>
    <message>
        <source>{} (not installed)</source>
        <translation>{} (nicht installiert)</translation>
    </message>
    <message>
        <source>Standard</source>
        <translation>Standard</translation>
    </message>
    <message>
        <source>{} (standard)</source>
        <translation>{} (Standard)</translation>
    </message>
</context>
<context>
    <name>ErrorModel</name>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
</context>
<context>
    <name>ErrorsPanel</name>
    <message>
        <source>Files that could not be read</source>
        <translation>Nicht lesbare Dateien</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Probleme</translation>
    </message>
    <message>
        <source>No problems</source>
        <translation>Keine Probleme</translation>
    </message>
    <message>
        <source>Retry selected</source>
        <translation>Ausgewählte erneut lesen</translation>
    </message>
    <message>
        <source>Retry all</source>
        <translation>Alle erneut lesen</translation>
    </message>
    <message>
        <source>Show in file manager</source>
        <translation>Im Dateimanager zeigen</translation>
    </message>
    <message>
        <source>Copy list</source>
        <translation>Liste kopieren</translation>
    </message>
    <message>
        <source>Number of problems</source>
        <translation>Anzahl der Probleme</translation>
    </message>
    <message>
        <source>the first {} of {}</source>
        <translation>{1} (die ersten {0})</translation>
    </message>
</context>
<context>
    <name>ExceptionHub</name>
    <message>
        <source>Something went wrong: {}</source>
        <translation>Etwas ist schiefgegangen: {}</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export the list</source>
        <translation>Liste exportieren</translation>
    </message>
    <message>
        <source>Table ({})</source>
        <translation>Tabelle ({})</translation>
    </message>
    <message>
        <source>JSON ({})</source>
        <translation>JSON ({})</translation>
    </message>
</context>
<context>
    <name>FactTable</name>
    <message>
        <source>Facts about both photos</source>
        <translation>Angaben zu beiden Fotos</translation>
    </message>
    <message>
        <source>{} of {}</source>
        <translation>{} von {}</translation>
    </message>
    <message>
        <source>1 equal fact</source>
        <translation>1 gleiche Angabe</translation>
    </message>
    <message>
        <source>{} equal facts</source>
        <translation>{} gleiche Angaben</translation>
    </message>
</context>
<context>
    <name>Filmstrip</name>
    <message>
        <source>Neighbouring photos</source>
        <translation>Benachbarte Fotos</translation>
    </message>
</context>
<context>
    <name>FilterButton</name>
    <message>
        <source>1 filter holds</source>
        <translation>1 Filter gilt</translation>
    </message>
    <message>
        <source>{} filters hold</source>
        <translation>{} Filter gelten</translation>
    </message>
</context>
<context>
    <name>FilterChip</name>
    <message>
        <source>Filter: {}</source>
        <translation>Filter: {}</translation>
    </message>
    <message>
        <source>Take this filter off</source>
        <translation>Diesen Filter aufheben</translation>
    </message>
    <message>
        <source>Take off the filter {}</source>
        <translation>Den Filter {} aufheben</translation>
    </message>
</context>
<context>
    <name>FilterChips</name>
    <message>
        <source>Filters that hold</source>
        <translation>Geltende Filter</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>Filter aufheben</translation>
    </message>
</context>
<context>
    <name>FilterPanel</name>
    <message>
        <source>Filters</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>All folders</source>
        <translation>Alle Ordner</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>Ordner wählen&#xa0;…</translation>
    </message>
    <message>
        <source>Any camera</source>
        <translation>Jede Kamera</translation>
    </message>
    <message>
        <source>When the photos were taken</source>
        <translation>Aufnahmezeit</translation>
    </message>
    <message>
        <source>Taken on this day or later</source>
        <translation>Aufgenommen an diesem Tag oder später</translation>
    </message>
    <message>
        <source>Taken on this day or before</source>
        <translation>Aufgenommen an diesem Tag oder früher</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Types of files</source>
        <translation>Dateitypen</translation>
    </message>
    <message>
        <source>Size in megapixels</source>
        <translation>Größe in Megapixeln</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>Ausrichtung</translation>
    </message>
    <message>
        <source>Location</source>
        <translation>Aufnahmeort</translation>
    </message>
    <message>
        <source>What is wrong with the filters</source>
        <translation>Was an den Filtern nicht stimmt</translation>
    </message>
    <message>
        <source>Any size</source>
        <translation>Jede Größe</translation>
    </message>
    <message>
        <source>Any shape</source>
        <translation>Jede Ausrichtung</translation>
    </message>
    <message>
        <source>With or without location</source>
        <translation>Mit oder ohne Ort</translation>
    </message>
    <message>
        <source>With a location</source>
        <translation>Mit Ort</translation>
    </message>
    <message>
        <source>Without a location</source>
        <translation>Ohne Ort</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>Jederzeit</translation>
    </message>
    <message>
        <source>Last {} days</source>
        <translation>Letzte {} Tage</translation>
    </message>
    <message>
        <source>This year</source>
        <translation>Dieses Jahr</translation>
    </message>
    <message>
        <source>Last year</source>
        <translation>Letztes Jahr</translation>
    </message>
    <message>
        <source>Other days</source>
        <translation>Andere Tage</translation>
    </message>
    <message>
        <source>{} megapixels</source>
        <translation>{} Megapixel</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>Filter aufheben</translation>
    </message>
    <message>
        <source>Close the filters; they still hold (Esc)</source>
        <translation>Die Filterleiste schließen; die Filter gelten weiter (Esc)</translation>
    </message>
    <message>
        <source>Close the filters</source>
        <translation>Die Filterleiste schließen</translation>
    </message>
    <message>
        <source>from</source>
        <translation>von</translation>
    </message>
    <message>
        <source>to</source>
        <translation>bis</translation>
    </message>
    <message>
        <source>Type a day as 2021-03-05, a month as 2021-03 or a year as 2021.</source>
        <translation>Einen Tag als 2021-03-05, einen Monat als 2021-03 oder ein Jahr als 2021 eingeben.</translation>
    </message>
    <message>
        <source>No photo can match: the first day is after the last.</source>
        <translation>Kein Foto kann passen: der erste Tag liegt nach dem letzten.</translation>
    </message>
    <message>
        <source>Only photos in this folder</source>
        <translation>Nur Fotos in diesem Ordner</translation>
    </message>
    <message>
        <source>{} is not in a folder of this library; add it first.</source>
        <translation>{} liegt in keinem Ordner dieser Bibliothek; bitte zuerst hinzufügen.</translation>
    </message>
</context>
<context>
    <name>Filters</name>
    <message>
        <source>from {}</source>
        <translation>ab {}</translation>
    </message>
    <message>
        <source>until {}</source>
        <translation>bis {}</translation>
    </message>
    <message>
        <source>{} to {} megapixels</source>
        <translation>{} bis {} Megapixel</translation>
    </message>
    <message>
        <source>{} megapixels or more</source>
        <translation>ab {} Megapixel</translation>
    </message>
    <message>
        <source>{} megapixels or less</source>
        <translation>bis {} Megapixel</translation>
    </message>
    <message>
        <source>Landscape</source>
        <translation>Querformat</translation>
    </message>
    <message>
        <source>Portrait</source>
        <translation>Hochformat</translation>
    </message>
    <message>
        <source>Square</source>
        <translation>Quadratisch</translation>
    </message>
    <message>
        <source>Folder: {}</source>
        <translation>Ordner: {}</translation>
    </message>
    <message>
        <source>Folder name: {}</source>
        <translation>Ordnername: {}</translation>
    </message>
    <message>
        <source>“{}” is part of a folder&apos;s name</source>
        <translation>„{}“ ist Teil eines Ordnernamens</translation>
    </message>
    <message>
        <source>Name: {}</source>
        <translation>Name: {}</translation>
    </message>
    <message>
        <source>“{}” is part of the file&apos;s name</source>
        <translation>„{}“ ist Teil des Dateinamens</translation>
    </message>
    <message>
        <source>Camera: {}</source>
        <translation>Kamera: {}</translation>
    </message>
    <message>
        <source>Taken with {}</source>
        <translation>Aufgenommen mit {}</translation>
    </message>
    <message>
        <source>Place: {}</source>
        <translation>Ort: {}</translation>
    </message>
    <message>
        <source>Taken in {}</source>
        <translation>Aufgenommen in {}</translation>
    </message>
    <message>
        <source>Taken: {}</source>
        <translation>Aufnahme: {}</translation>
    </message>
    <message>
        <source>Type: {}</source>
        <translation>Typ: {}</translation>
    </message>
    <message>
        <source>Files of type {}</source>
        <translation>Dateien vom Typ {}</translation>
    </message>
    <message>
        <source>Shape: {}</source>
        <translation>Ausrichtung: {}</translation>
    </message>
    <message>
        <source>With a location</source>
        <translation>Mit Ort</translation>
    </message>
    <message>
        <source>Without a location</source>
        <translation>Ohne Ort</translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <comment>the form of a day</comment>
        <translation>d. MMM yyyy</translation>
    </message>
</context>
<context>
    <name>FolderDelegate</name>
    <message>
        <source>offline</source>
        <translation>getrennt</translation>
    </message>
</context>
<context>
    <name>FolderModel</name>
    <message>
        <source>Not connected now; its photos stay in the library.</source>
        <translation>Zurzeit nicht angeschlossen; die Fotos bleiben in der Bibliothek.</translation>
    </message>
    <message>
        <source>{} with files that could not be read</source>
        <translation>{} mit nicht lesbaren Dateien</translation>
    </message>
</context>
<context>
    <name>FolderNames</name>
    <message>
        <source>Add…</source>
        <translation>Hinzufügen&#xa0;…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Ordner wählen</translation>
    </message>
    <message>
        <source>This folder is not there now: {}</source>
        <translation>Dieser Ordner ist zurzeit nicht da: {}</translation>
    </message>
    <message>
        <source>These folders are not there now: {}</source>
        <translation>Diese Ordner sind zurzeit nicht da: {}</translation>
    </message>
</context>
<context>
    <name>FoldersPage</name>
    <message>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>{} (not connected)</source>
        <translation>{} (nicht angeschlossen)</translation>
    </message>
    <message>
        <source>“{}” can never match: write the name of a file or folder alone, without a path.</source>
        <translation>„{}“ kann nie zutreffen: nur den Namen einer Datei oder eines Ordners angeben, ohne Pfad.</translation>
    </message>
    <message>
        <source>“{}” would leave out everything: write a part of the name, such as “*.gif”.</source>
        <translation>„{}“ würde alles auslassen: einen Teil des Namens angeben, etwa „*.gif“.</translation>
    </message>
    <message>
        <source>Folders of the library</source>
        <translation>Ordner der Bibliothek</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>&amp;Add a folder…</source>
        <translation>Ordner &amp;hinzufügen&#xa0;…</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>Forget the folder and its photos; the files stay where they are</source>
        <translation>Den Ordner und seine Fotos vergessen; die Dateien bleiben, wo sie sind</translation>
    </message>
    <message>
        <source>At once; your files are never touched.</source>
        <translation>Sofort; die Dateien selbst bleiben unberührt.</translation>
    </message>
    <message>
        <source>&amp;Leave out files and folders with these names:</source>
        <translation>Dateien und Ordner mit diesen Namen &amp;auslassen:</translation>
    </message>
    <message>
        <source>Names to leave out, one on each line</source>
        <translation>Auszulassende Namen, einer je Zeile</translation>
    </message>
    <message>
        <source>What is wrong with the names</source>
        <translation>Was an den Namen nicht stimmt</translation>
    </message>
    <message>
        <source>One name on each line; * stands for any letters, ? for one. Hidden files and trash are always left out. From the next scan on.</source>
        <translation>Ein Name je Zeile; * steht für beliebige Zeichen, ? für eines. Versteckte Dateien und der Papierkorb werden immer ausgelassen. Gilt ab dem nächsten Einlesen.</translation>
    </message>
</context>
<context>
    <name>FoldersPanel</name>
    <message>
        <source>Folders of the library</source>
        <translation>Ordner der Bibliothek</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>No folders yet.
Add one, or drop it onto the window.</source>
        <translation>Noch keine Ordner.
Einfach einen hinzufügen oder auf das Fenster ziehen.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Add folder…</source>
        <translation>Ordner hinzufügen&#xa0;…</translation>
    </message>
    <message>
        <source>Add a folder of photos to the library</source>
        <translation>Einen Ordner mit Fotos zur Bibliothek hinzufügen</translation>
    </message>
    <message>
        <source>Rescan</source>
        <translation>Neu einlesen</translation>
    </message>
    <message>
        <source>Look for changes in the selected folder</source>
        <translation>Im ausgewählten Ordner nach Änderungen sehen</translation>
    </message>
    <message>
        <source>Remove from library…</source>
        <translation>Aus der Bibliothek entfernen&#xa0;…</translation>
    </message>
    <message>
        <source>Remove the selected folder from the library…</source>
        <translation>Den ausgewählten Ordner aus der Bibliothek entfernen&#xa0;…</translation>
    </message>
    <message>
        <source>Show in file manager</source>
        <translation>Im Dateimanager zeigen</translation>
    </message>
    <message>
        <source>Remove {} of “{}” from the library? The files stay on disk.</source>
        <translation>{} („{}“) aus der Bibliothek entfernen? Die Dateien selbst bleiben erhalten.</translation>
    </message>
</context>
<context>
    <name>GeneralPage</name>
    <message>
        <source>General</source>
        <translation>Allgemein</translation>
    </message>
    <message>
        <source>System</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>&amp;Language:</source>
        <translation>&amp;Sprache:</translation>
    </message>
    <message>
        <source>From the next start on.</source>
        <translation>Gilt ab dem nächsten Start.</translation>
    </message>
    <message>
        <source>A click</source>
        <translation>Einfachklick</translation>
    </message>
    <message>
        <source>A double click</source>
        <translation>Doppelklick</translation>
    </message>
    <message>
        <source>&amp;Find similar photos by:</source>
        <translation>Ä&amp;hnliche finden mit:</translation>
    </message>
    <message>
        <source>With a double click, a single click only selects. Counts at once.</source>
        <translation>Beim Doppelklick wählt ein einfacher Klick nur aus. Gilt sofort.</translation>
    </message>
    <message>
        <source> MB</source>
        <translation> MB</translation>
    </message>
    <message>
        <source>&amp;Memory for thumbnails:</source>
        <translation>Speicher für &amp;Vorschaubilder:</translation>
    </message>
    <message>
        <source>More makes scrolling back and forth smoother. From the next start on.</source>
        <translation>Mit mehr läuft das Blättern flüssiger. Gilt ab dem nächsten Start.</translation>
    </message>
</context>
<context>
    <name>GroupList</name>
    <message>
        <source>Groups of duplicates</source>
        <translation>Gruppen von Duplikaten</translation>
    </message>
</context>
<context>
    <name>GroupModel</name>
    <message>
        <source>{} to free</source>
        <translation>spart {}</translation>
    </message>
    <message>
        <source>remove {}</source>
        <translation>{} entfernen</translation>
    </message>
    <message>
        <source>keep</source>
        <translation>behalten</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>offen</translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>Duplicates</source>
        <translation>Duplikate</translation>
    </message>
    <message>
        <source>Looking for duplicates</source>
        <translation>Duplikate werden gesucht</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Look for duplicates among photos that are new</source>
        <translation>Unter neuen Fotos nach Duplikaten suchen</translation>
    </message>
    <message>
        <source>Label pairs…</source>
        <translation>Paare beurteilen&#xa0;…</translation>
    </message>
    <message>
        <source>Judge 20 pairs, so that the threshold fits this library</source>
        <translation>20 Paare beurteilen, damit die Schwelle zu dieser Bibliothek passt</translation>
    </message>
    <message>
        <source>History…</source>
        <translation>Verlauf&#xa0;…</translation>
    </message>
    <message>
        <source>Show what was removed, and bring it back</source>
        <translation>Zeigen, was entfernt wurde, und es zurückholen</translation>
    </message>
</context>
<context>
    <name>HealthDialog</name>
    <message>
        <source>Index health</source>
        <translation>Zustand des Suchindex</translation>
    </message>
    <message>
        <source>There is no library yet. Add a folder of photos first.</source>
        <translation>Noch gibt es keine Bibliothek. Bitte zuerst einen Ordner mit Fotos hinzufügen.</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Wird gelesen&#xa0;…</translation>
    </message>
    <message>
        <source>Copy as te&amp;xt</source>
        <translation>Als Te&amp;xt kopieren</translation>
    </message>
    <message>
        <source>Copy all of this, to be pasted elsewhere</source>
        <translation>Alles hier kopieren, um es anderswo einzufügen</translation>
    </message>
    <message>
        <source>Check the &amp;library</source>
        <translation>Bib&amp;liothek prüfen</translation>
    </message>
    <message>
        <source>Read all files of the library and tell what is damaged</source>
        <translation>Alle Dateien der Bibliothek lesen und melden, was beschädigt ist</translation>
    </message>
    <message>
        <source>Numbers of the index</source>
        <translation>Zahlen zum Index</translation>
    </message>
    <message>
        <source>That was not done; the index is as it was.</source>
        <translation>Das wurde nicht ausgeführt; der Index ist, wie er war.</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>Wird geprüft&#xa0;…</translation>
    </message>
    <message>
        <source>All files of the library are sound.</source>
        <translation>Alle Dateien der Bibliothek sind in Ordnung.</translation>
    </message>
    <message>
        <source>Close photofind and run `photofind doctor` to mend this:</source>
        <translation>photofind schließen und `photofind doctor` ausführen, um dies zu beheben:</translation>
    </message>
    <message>
        <source>… and {} more</source>
        <translation>… und {} weitere</translation>
    </message>
    <message>
        <source>While photos are read, files that are still being written count as left over, too.</source>
        <translation>Während Fotos gelesen werden, gelten auch Dateien als übrig geblieben, die noch geschrieben werden.</translation>
    </message>
</context>
<context>
    <name>HealthReport</name>
    <message>
        <source>Segments</source>
        <translation>Segmente</translation>
    </message>
    <message>
        <source>Lists by the number of their vectors</source>
        <translation>Listen nach der Zahl ihrer Vektoren</translation>
    </message>
    <message>
        <source>The files of the index; a search looks into each, so a few large ones are best.</source>
        <translation>Die Dateien des Index; eine Suche sieht in jeder nach, darum sind wenige große am besten.</translation>
    </message>
    <message>
        <source>Segments of the index</source>
        <translation>Segmente des Index</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Zeilen</translation>
    </message>
    <message>
        <source>Vectors</source>
        <translation>Vektoren</translation>
    </message>
    <message>
        <source>Dead</source>
        <translation>Tot</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
</context>
<context>
    <name>HealthWords</name>
    <message>
        <source>Files of the index are damaged. Searches still work, but slower; train the index anew.</source>
        <translation>Dateien des Index sind beschädigt. Suchen geht noch, aber langsamer; der Index sollte neu trainiert werden.</translation>
    </message>
    <message>
        <source>The index works, but no longer suits the photos well: train it anew.</source>
        <translation>Der Index funktioniert, passt aber nicht mehr gut zu den Fotos: Er sollte neu trainiert werden.</translation>
    </message>
    <message>
        <source>The index works; compacting it would make searches faster.</source>
        <translation>Der Index funktioniert; ihn zu verdichten würde Suchen schneller machen.</translation>
    </message>
    <message>
        <source>The index is in good shape.</source>
        <translation>Der Index ist in gutem Zustand.</translation>
    </message>
    <message>
        <source>There is no index yet, because no photo has been read.</source>
        <translation>Noch gibt es keinen Index, weil noch kein Foto gelesen wurde.</translation>
    </message>
    <message>
        <source>There are so few photos that each search compares all of them: that is exact, and fast.</source>
        <translation>Es sind so wenige Fotos, dass jede Suche alle vergleicht: Das ist genau, und schnell.</translation>
    </message>
    <message>
        <source>There is no index yet; the next rescan makes one.</source>
        <translation>Noch gibt es keinen Index; das nächste Einlesen legt einen an.</translation>
    </message>
    <message>
        <source>Nothing can be measured with fewer than two photos.</source>
        <translation>Mit weniger als zwei Fotos lässt sich nichts messen.</translation>
    </message>
    <message>
        <source>Not measured yet: how many of the most similar photos searches find, and how long they take.</source>
        <translation>Noch nicht gemessen: wie viele der ähnlichsten Fotos Suchen finden und wie lange sie dauern.</translation>
    </message>
    <message>
        <source>Measured with {queries} photos on {when}. It is measured again when the library has grown.</source>
        <translation>Gemessen mit {queries} Fotos, {when}. Wenn die Bibliothek gewachsen ist, wird neu gemessen.</translation>
    </message>
    <message>
        <source>A damaged index cannot be compacted; train it anew.</source>
        <translation>Ein beschädigter Index lässt sich nicht verdichten; er sollte neu trainiert werden.</translation>
    </message>
    <message>
        <source>There is no segment to compact.</source>
        <translation>Es gibt kein Segment zum Verdichten.</translation>
    </message>
    <message>
        <source>There is nothing to compact.</source>
        <translation>Es gibt nichts zu verdichten.</translation>
    </message>
    <message>
        <source>Leaves out dead vectors ({dead}) and frees {size}; takes {time}.</source>
        <translation>Lässt tote Vektoren weg ({dead}) und gibt {size} frei; dauert {time}.</translation>
    </message>
    <message>
        <source>Merges {before} segments into {after} and frees {size}; takes {time}.</source>
        <translation>Macht aus {before} Segmenten {after} und gibt {size} frei; dauert {time}.</translation>
    </message>
    <message>
        <source>Merges {before} segments into {after}, leaves out dead vectors ({dead}), frees {size}; takes {time}.</source>
        <translation>Macht aus {before} Segmenten {after}, lässt tote Vektoren weg ({dead}), gibt {size} frei; dauert {time}.</translation>
    </message>
    <message>
        <source>Not needed. {}</source>
        <translation>Nicht nötig. {}</translation>
    </message>
    <message>
        <source>There are too few photos for an index.</source>
        <translation>Für einen Index sind es zu wenige Fotos.</translation>
    </message>
    <message>
        <source>Makes all inverted lists anew ({after}); takes {time}.</source>
        <translation>Legt alle invertierten Listen neu an ({after}); dauert {time}.</translation>
    </message>
    <message>
        <source>Makes an index (inverted lists: {after}); takes {time}.</source>
        <translation>Legt einen Index an (invertierte Listen: {after}); dauert {time}.</translation>
    </message>
    <message>
        <source>Inverted lists: {after} instead of {before}; takes {time}.</source>
        <translation>Invertierte Listen: {after} statt {before}; dauert {time}.</translation>
    </message>
    <message>
        <source>Not needed.</source>
        <translation>Nicht nötig.</translation>
    </message>
    <message>
        <source>Files of the index are damaged.</source>
        <translation>Dateien des Index sind beschädigt.</translation>
    </message>
    <message>
        <source>There is no index yet.</source>
        <translation>Noch gibt es keinen Index.</translation>
    </message>
    <message>
        <source>The library has grown far beyond what the index was trained on.</source>
        <translation>Die Bibliothek ist weit über das hinausgewachsen, womit der Index trainiert wurde.</translation>
    </message>
    <message>
        <source>The library has become much smaller than what the index was trained on.</source>
        <translation>Die Bibliothek ist viel kleiner geworden als das, womit der Index trainiert wurde.</translation>
    </message>
    <message>
        <source>The settings ask for another number of lists.</source>
        <translation>Die Einstellungen verlangen eine andere Zahl von Listen.</translation>
    </message>
    <message>
        <source>Some lists are much longer than others, which makes searches slower.</source>
        <translation>Einige Listen sind viel länger als andere; das macht Suchen langsamer.</translation>
    </message>
    <message>
        <source>The photos that came since the training are of another kind.</source>
        <translation>Die seit dem Training hinzugekommenen Fotos sind von anderer Art.</translation>
    </message>
    <message>
        <source>a moment</source>
        <translation>einen Moment</translation>
    </message>
    <message>
        <source>about {} s</source>
        <translation>etwa {} s</translation>
    </message>
    <message>
        <source>about {} min</source>
        <translation>etwa {} min</translation>
    </message>
    <message>
        <source>{count} ({share})</source>
        <translation>{count} ({share})</translation>
    </message>
    <message>
        <source>What it holds</source>
        <translation>Was er enthält</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>Those on drives that are away count, too.</source>
        <translation>Auch die auf getrennten Laufwerken zählen mit.</translation>
    </message>
    <message>
        <source>Vectors</source>
        <translation>Vektoren</translation>
    </message>
    <message>
        <source>What a photo looks like, in numbers; copies of a photo share one.</source>
        <translation>Wie ein Foto aussieht, in Zahlen; Kopien eines Fotos teilen sich einen.</translation>
    </message>
    <message>
        <source>Dead vectors</source>
        <translation>Tote Vektoren</translation>
    </message>
    <message>
        <source>Of photos that are gone. They are never found; compacting takes them out of the index.</source>
        <translation>Von Fotos, die es nicht mehr gibt. Sie werden nie gefunden; Verdichten nimmt sie aus dem Index.</translation>
    </message>
    <message>
        <source>Not in a segment yet</source>
        <translation>Noch in keinem Segment</translation>
    </message>
    <message>
        <source>The newest ones, which each search compares one by one.</source>
        <translation>Die neuesten, die jede Suche einzeln vergleicht.</translation>
    </message>
    <message>
        <source>All vectors in full.</source>
        <translation>Alle Vektoren in voller Genauigkeit.</translation>
    </message>
    <message>
        <source>{} of that are of photos that are gone; a rescan does not need them again if they come back.</source>
        <translation>{} davon gehören zu Fotos, die es nicht mehr gibt; kommen sie zurück, müssen sie nicht neu berechnet werden.</translation>
    </message>
    <message>
        <source>Embeddings</source>
        <translation>Einbettungen</translation>
    </message>
    <message>
        <source>About half of that again, so that a search need not look at all of them.</source>
        <translation>Noch einmal etwa halb so viel, damit eine Suche nicht alle ansehen muss.</translation>
    </message>
    <message>
        <source>Search index</source>
        <translation>Suchindex</translation>
    </message>
    <message>
        <source>Space on disk</source>
        <translation>Belegter Platz</translation>
    </message>
    <message>
        <source>{shortest} to {longest}, median {median}; {empty} empty</source>
        <translation>{shortest} bis {longest}, Median {median}; leer: {empty}</translation>
    </message>
    <message>
        <source>A library of this size needs no more; each search looks at all of it.</source>
        <translation>Mehr braucht eine Bibliothek dieser Größe nicht; jede Suche sieht alles an.</translation>
    </message>
    <message>
        <source>Inverted lists</source>
        <translation>Invertierte Listen</translation>
    </message>
    <message>
        <source>Lists</source>
        <translation>Listen</translation>
    </message>
    <message>
        <source>Photos that look alike are in the same list; a search looks into the nearest lists only.</source>
        <translation>Fotos, die sich ähneln, stehen in derselben Liste; eine Suche sieht nur in den nächstgelegenen Listen nach.</translation>
    </message>
    <message>
        <source>Vectors in a list</source>
        <translation>Vektoren je Liste</translation>
    </message>
    <message>
        <source>A search takes as long as the lists that it looks into.</source>
        <translation>Je länger die durchsuchten Listen, desto länger dauert eine Suche.</translation>
    </message>
    <message>
        <source>Imbalance</source>
        <translation>Ungleichgewicht</translation>
    </message>
    <message>
        <source>1 means that all lists are equally long; at 2, a search takes twice as long as then.</source>
        <translation>Bei 1 sind alle Listen gleich lang; bei 2 dauert eine Suche doppelt so lange.</translation>
    </message>
</context>
<context>
    <name>HistoryDialog</name>
    <message>
        <source>History of removed duplicates</source>
        <translation>Verlauf der entfernten Duplikate</translation>
    </message>
    <message>
        <source>What was done, the latest first</source>
        <translation>Was getan wurde, das Neueste zuerst</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Stand</translation>
    </message>
    <message>
        <source>Nothing was removed yet. What you remove will be listed here.</source>
        <translation>Noch wurde nichts entfernt. Entferntes wird hier aufgelistet.</translation>
    </message>
    <message>
        <source>Photos of this action</source>
        <translation>Fotos dieses Vorgangs</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>&amp;Undo all</source>
        <translation>&amp;Alle zurücklegen</translation>
    </message>
    <message>
        <source>Put every photo of this action back to where it was</source>
        <translation>Jedes Foto dieses Vorgangs dorthin zurücklegen, wo es war</translation>
    </message>
    <message>
        <source>Undo &amp;selected</source>
        <translation>Aus&amp;gewählte zurücklegen</translation>
    </message>
    <message>
        <source>Put the selected photos back to where they were</source>
        <translation>Die ausgewählten Fotos dorthin zurücklegen, wo sie waren</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>An&amp;halten</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>{} of {}</source>
        <translation>{} von {}</translation>
    </message>
    <message>
        <source>{}.</source>
        <translation>{}.</translation>
    </message>
</context>
<context>
    <name>ImageView</name>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
</context>
<context>
    <name>IndexPage</name>
    <message>
        <source>Search index</source>
        <translation>Suchindex</translation>
    </message>
    <message>
        <source>The defaults suit libraries of every size.</source>
        <translation>Die Vorgaben passen für Bibliotheken jeder Größe.</translation>
    </message>
    <message>
        <source>From the next training of the index on</source>
        <translation>Ab dem nächsten Training des Index</translation>
    </message>
    <message>
        <source>From the next search on</source>
        <translation>Ab der nächsten Suche</translation>
    </message>
    <message>
        <source>The index sorts photos into lists, and a search looks into some of them. Automatic, or 4, 8 or 16 times the square root of the number of photos.</source>
        <translation>Der Index ordnet Fotos in Listen, und eine Suche sieht in einigen davon nach. Automatisch, oder das 4-, 8- oder 16-Fache der Wurzel aus der Zahl der Fotos.</translation>
    </message>
    <message>
        <source>&amp;Inverted lists:</source>
        <translation>&amp;Invertierte Listen:</translation>
    </message>
    <message>
        <source>More let the lists fit the photos better, and make training slower.</source>
        <translation>Mit mehr passen die Listen besser zu den Fotos, und das Training dauert länger.</translation>
    </message>
    <message>
        <source>&amp;Training photos for each list:</source>
        <translation>&amp;Trainingsfotos je Liste:</translation>
    </message>
    <message>
        <source> %</source>
        <translation>&#xa0;%</translation>
    </message>
    <message>
        <source>So many of the ten nearest photos shall be found where the speed slider stands by itself, as measured on this library.</source>
        <translation>So viele der zehn ähnlichsten Fotos sollen gefunden werden, wo der Tempo-Regler von selbst steht, gemessen an dieser Bibliothek.</translation>
    </message>
    <message>
        <source>&amp;Default recall:</source>
        <translation>Gewünschter &amp;Recall:</translation>
    </message>
    <message>
        <source>For each photo that is wanted, so many candidates of the index are compared exactly. More of them find a little more, and take longer.</source>
        <translation>Für jedes gewünschte Foto werden so viele Kandidaten aus dem Index genau verglichen. Mehr finden etwas mehr und dauern länger.</translation>
    </message>
    <message>
        <source>&amp;Candidates for each hit:</source>
        <translation>&amp;Kandidaten je Treffer:</translation>
    </message>
    <message>
        <source>Alpha, for “Look for more of the same”: the higher, the more the search follows the very best hits; with 0, the ten best count alike.</source>
        <translation>Alpha, für „Mehr dergleichen suchen“: Je höher, desto mehr folgt die Suche den allerbesten Treffern; bei 0 zählen die zehn besten gleich.</translation>
    </message>
    <message>
        <source>&amp;Exponent of expansion:</source>
        <translation>&amp;Exponent der Erweiterung:</translation>
    </message>
    <message>
        <source>{low} to {high}{unit}. {hint}</source>
        <translation>{low} bis {high}{unit}. {hint}</translation>
    </message>
    <message>
        <source>&amp;Reset to the defaults</source>
        <translation>Auf &amp;Vorgaben zurücksetzen</translation>
    </message>
    <message>
        <source>Index &amp;health…</source>
        <translation>&amp;Zustand des Index&#xa0;…</translation>
    </message>
    <message>
        <source>See how the index is, and train it anew</source>
        <translation>Sehen, wie es um den Index steht, und ihn neu trainieren</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>{} times √ photos</source>
        <translation>{} × √ Fotos</translation>
    </message>
</context>
<context>
    <name>Intake</name>
    <message>
        <source>The picture cannot be read: {}.</source>
        <translation>Das Bild lässt sich nicht lesen: {}.</translation>
    </message>
    <message>
        <source>Only the first {} of these pictures are searched by.</source>
        <translation>Gesucht wird nur mit den ersten {} dieser Bilder.</translation>
    </message>
    <message>
        <source>The picture cannot be stored; is the disk full?</source>
        <translation>Das Bild lässt sich nicht ablegen; ist der Datenträger voll?</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>There is no picture in what was dropped or pasted.</source>
        <translation>Darin ist kein Bild enthalten.</translation>
    </message>
    <message>
        <source>The disk of {} does not answer; what was dropped waits for it.</source>
        <translation>Der Datenträger von {} antwortet nicht; das Abgelegte wartet auf ihn.</translation>
    </message>
    <message>
        <source>Add the folder “{}” to the library?</source>
        <translation>Den Ordner „{}“ zur Bibliothek hinzufügen?</translation>
    </message>
    <message>
        <source>Add {} folders to the library?</source>
        <translation>{} Ordner zur Bibliothek hinzufügen?</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>This picture is on the web. Download it from {}?</source>
        <translation>Dieses Bild ist im Netz. Von {} herunterladen?</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <source>The picture cannot be stored: {}.</source>
        <translation>Das Bild lässt sich nicht ablegen: {}.</translation>
    </message>
</context>
<context>
    <name>KindTabs</name>
    <message>
        <source>Kinds of groups</source>
        <translation>Arten von Gruppen</translation>
    </message>
    <message>
        <source>The same bytes, or the same pixels in another file</source>
        <translation>Dieselben Bytes, oder dieselben Pixel in einer anderen Datei</translation>
    </message>
    <message>
        <source>One picture, re-encoded, resized, cropped or edited</source>
        <translation>Ein Bild, neu kodiert, in anderer Größe, beschnitten oder bearbeitet</translation>
    </message>
    <message>
        <source>Other shots of the same; nothing is suggested for them</source>
        <translation>Andere Aufnahmen vom Gleichen; für sie wird nichts vorgeschlagen</translation>
    </message>
</context>
<context>
    <name>LabelDialog</name>
    <message>
        <source>Teach by examples</source>
        <translation>Mit Beispielen anlernen</translation>
    </message>
    <message>
        <source>Looking for pairs that are in doubt…</source>
        <translation>Zweifelhafte Paare werden gesucht&#xa0;…</translation>
    </message>
    <message>
        <source>&amp;Another round</source>
        <translation>&amp;Noch eine Runde</translation>
    </message>
    <message>
        <source>Back (B)</source>
        <translation>Zurück (B)</translation>
    </message>
    <message>
        <source>Skip (S)</source>
        <translation>Überspringen (S)</translation>
    </message>
    <message>
        <source>No, two pictures (N)</source>
        <translation>Nein, zwei Bilder (N)</translation>
    </message>
    <message>
        <source>Yes, the same (Y)</source>
        <translation>Ja, dasselbe (Y)</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Your answers so far are kept</source>
        <translation>Die bisherigen Antworten bleiben erhalten</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Are these two the same picture?</source>
        <translation>Sind diese beiden dasselbe Bild?</translation>
    </message>
    <message>
        <source>Yes, if one was made from the other: smaller, cropped, mirrored, recoloured, with a frame. No, if the camera was released twice.</source>
        <translation>Ja, wenn eines aus dem anderen entstand: verkleinert, beschnitten, gespiegelt, umgefärbt, mit Rahmen. Nein, wenn die Kamera zweimal ausgelöst wurde.</translation>
    </message>
    <message>
        <source>There are no pairs in doubt that you have not judged yet. Look for duplicates first.</source>
        <translation>Es gibt keine zweifelhaften Paare, die noch nicht beurteilt sind. Bitte zuerst nach Duplikaten suchen.</translation>
    </message>
    <message>
        <source>{} of {}</source>
        <translation>{} von {}</translation>
    </message>
    <message>
        <source>You said: yes, the same.</source>
        <translation>Antwort war: Ja, dasselbe.</translation>
    </message>
    <message>
        <source>You said: no, two pictures.</source>
        <translation>Antwort war: Nein, zwei Bilder.</translation>
    </message>
    <message>
        <source>Working out what your answers change…</source>
        <translation>Die Wirkung der Antworten wird berechnet&#xa0;…</translation>
    </message>
</context>
<context>
    <name>Legend</name>
    <message>
        <source>Difference</source>
        <translation>Unterschied</translation>
    </message>
    <message>
        <source>same</source>
        <translation>gleich</translation>
    </message>
    <message>
        <source>differs</source>
        <translation>anders</translation>
    </message>
    <message>
        <source>only in one</source>
        <translation>nur in einem</translation>
    </message>
    <message>
        <source>Show differences {} times as strong (G)</source>
        <translation>Unterschiede {}-mal so stark zeigen (G)</translation>
    </message>
</context>
<context>
    <name>Libraries</name>
    <message>
        <source>The disk of {} does not answer; try again when it does.</source>
        <translation>Der Datenträger von {} antwortet nicht; versuchen Sie es wieder, wenn er es tut.</translation>
    </message>
    <message>
        <source>There is no library in {} any more.</source>
        <translation>In {} ist keine Bibliothek mehr.</translation>
    </message>
    <message>
        <source>There is no library in {}; choose another folder.</source>
        <translation>In {} ist keine Bibliothek; bitte einen anderen Ordner wählen.</translation>
    </message>
    <message>
        <source>{} holds a library already; open it instead.</source>
        <translation>In {} ist schon eine Bibliothek; sie lässt sich öffnen.</translation>
    </message>
    <message>
        <source>{} cannot be used: {}.</source>
        <translation>{} lässt sich nicht verwenden: {}.</translation>
    </message>
    <message>
        <source>{} holds other files; choose an empty folder.</source>
        <translation>In {} liegen andere Dateien; bitte einen leeren Ordner wählen.</translation>
    </message>
    <message>
        <source>{} may not be written; choose another folder.</source>
        <translation>In {} darf nicht geschrieben werden; bitte einen anderen Ordner wählen.</translation>
    </message>
    <message>
        <source>No other libraries yet</source>
        <translation>Noch keine anderen Bibliotheken</translation>
    </message>
</context>
<context>
    <name>LibraryChooser</name>
    <message>
        <source>Open a library, or choose an empty folder for a new one</source>
        <translation>Eine Bibliothek öffnen oder einen leeren Ordner für eine neue wählen</translation>
    </message>
    <message>
        <source>Open another library</source>
        <translation>Andere Bibliothek öffnen</translation>
    </message>
    <message>
        <source>Choose an empty folder for the new library</source>
        <translation>Einen leeren Ordner für die neue Bibliothek wählen</translation>
    </message>
</context>
<context>
    <name>LibraryPage</name>
    <message>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
    <message>
        <source>&amp;Location:</source>
        <translation>&amp;Ort:</translation>
    </message>
    <message>
        <source>Photos:</source>
        <translation>Fotos:</translation>
    </message>
    <message>
        <source>Size on disk:</source>
        <translation>Belegter Platz:</translation>
    </message>
    <message>
        <source>The library holds what photofind knows about your photos, never the photos themselves.</source>
        <translation>Die Bibliothek enthält, was photofind über die Fotos weiß, nie die Fotos selbst.</translation>
    </message>
    <message>
        <source>&amp;Open another…</source>
        <translation>Andere ö&amp;ffnen&#xa0;…</translation>
    </message>
    <message>
        <source>Open the library in another folder</source>
        <translation>Die Bibliothek in einem anderen Ordner öffnen</translation>
    </message>
    <message>
        <source>&amp;New…</source>
        <translation>&amp;Neu&#xa0;…</translation>
    </message>
    <message>
        <source>Make a new library in an empty folder</source>
        <translation>Eine neue Bibliothek in einem leeren Ordner anlegen</translation>
    </message>
    <message>
        <source>Index &amp;health…</source>
        <translation>&amp;Zustand des Suchindex&#xa0;…</translation>
    </message>
    <message>
        <source>See how the search index is, and look after it</source>
        <translation>Sehen, wie es um den Suchindex steht, und ihn pflegen</translation>
    </message>
    <message>
        <source>&amp;Recent libraries:</source>
        <translation>&amp;Letzte Bibliotheken:</translation>
    </message>
    <message>
        <source>Recent libraries</source>
        <translation>Letzte Bibliotheken</translation>
    </message>
    <message>
        <source>S&amp;witch to it</source>
        <translation>&amp;Wechseln</translation>
    </message>
    <message>
        <source>&amp;Take off the list</source>
        <translation>&amp;Aus der Liste nehmen</translation>
    </message>
    <message>
        <source>The library itself stays where it is</source>
        <translation>Die Bibliothek selbst bleibt, wo sie ist</translation>
    </message>
    <message>
        <source>{} (open)</source>
        <translation>{} (geöffnet)</translation>
    </message>
    <message>
        <source>{} (not there)</source>
        <translation>{} (nicht da)</translation>
    </message>
</context>
<context>
    <name>LibraryReader</name>
    <message>
        <source>This did not work because of a fault in photofind itself.</source>
        <translation>Das hat wegen eines Fehlers in photofind selbst nicht geklappt.</translation>
    </message>
</context>
<context>
    <name>LogDialog</name>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>What went wrong, for bug reports. It may name folders and photos, and is never sent anywhere. These files are cut off by themselves when they become large.</source>
        <translation>Was schiefging, für Fehlerberichte. Es kann Ordner und Fotos nennen und wird nirgendwohin gesendet. Werden diese Dateien groß, werden sie von selbst gekürzt.</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Copy the log to the clipboard</source>
        <translation>Das Protokoll in die Zwischenablage kopieren</translation>
    </message>
    <message>
        <source>C&amp;lear the log</source>
        <translation>Protokoll &amp;leeren</translation>
    </message>
    <message>
        <source>Empty the log files</source>
        <translation>Die Protokolldateien leeren</translation>
    </message>
    <message>
        <source>The log is empty.</source>
        <translation>Das Protokoll ist leer.</translation>
    </message>
    <message>
        <source>The log cannot be cleared: {}.</source>
        <translation>Das Protokoll lässt sich nicht leeren: {}.</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Size of the thumbnails</source>
        <translation>Größe der Vorschaubilder</translation>
    </message>
    <message>
        <source>Size of the thumbnails (Ctrl+wheel)</source>
        <translation>Größe der Vorschaubilder (Strg+Mausrad)</translation>
    </message>
    <message>
        <source>Recent libraries</source>
        <translation>Letzte Bibliotheken</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Saved searches</source>
        <translation>Gespeicherte Suchen</translation>
    </message>
    <message>
        <source>Files that could not be read</source>
        <translation>Nicht lesbare Dateien</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
</context>
<context>
    <name>MemberModel</name>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>Offen</translation>
    </message>
    <message>
        <source>In a protected folder: nothing takes it away.</source>
        <translation>In einem geschützten Ordner: Nichts nimmt es weg.</translation>
    </message>
    <message>
        <source>On a drive that is not connected.</source>
        <translation>Auf einem Laufwerk, das nicht angeschlossen ist.</translation>
    </message>
</context>
<context>
    <name>MemberRow</name>
    <message>
        <source>Photos of the group</source>
        <translation>Fotos der Gruppe</translation>
    </message>
</context>
<context>
    <name>Message</name>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
</context>
<context>
    <name>MissedControl</name>
    <message>
        <source>checking…</source>
        <translation>wird geprüft&#xa0;…</translation>
    </message>
    <message>
        <source>Comparing with every photo</source>
        <translation>Es wird mit jedem Foto verglichen</translation>
    </message>
    <message>
        <source>missed by the fast search</source>
        <translation>der schnellen Suche entgangen</translation>
    </message>
    <message>
        <source>Compared with every photo: nothing of the {} best is missing.</source>
        <translation>Mit jedem Foto verglichen: Von den {} besten fehlt keines.</translation>
    </message>
    <message>
        <source>none missed</source>
        <translation>nichts entgangen</translation>
    </message>
    <message>
        <source>{} missed · hide</source>
        <translation>{} entgangen · verbergen</translation>
    </message>
    <message>
        <source>{} missed · show</source>
        <translation>{} entgangen · zeigen</translation>
    </message>
    <message>
        <source>Compared with every photo: of the {} best, the fast search missed {}.</source>
        <translation>Mit jedem Foto verglichen: Von den {} besten sind der schnellen Suche {} entgangen.</translation>
    </message>
</context>
<context>
    <name>MoreButton</name>
    <message>
        <source>Show all parts of the query</source>
        <translation>Alle Teile der Suche zeigen</translation>
    </message>
    <message>
        <source>Show only its first parts again (Esc)</source>
        <translation>Wieder nur ihre ersten Teile zeigen (Esc)</translation>
    </message>
    <message>
        <source>Show fewer</source>
        <translation>Weniger zeigen</translation>
    </message>
    <message>
        <source>and {} more</source>
        <translation>und {} weitere</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Close this message (Esc)</source>
        <translation>Diese Meldung schließen (Esc)</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
    <message>
        <source>{} more</source>
        <translation>{} weitere</translation>
    </message>
</context>
<context>
    <name>Numbers</name>
    <message>
        <source>{} %</source>
        <translation>{} %</translation>
    </message>
    <message>
        <source>1 photo</source>
        <translation>1 Foto</translation>
    </message>
    <message>
        <source>{} photos</source>
        <translation>{} Fotos</translation>
    </message>
    <message>
        <source>1 problem</source>
        <translation>1 Problem</translation>
    </message>
    <message>
        <source>{} problems</source>
        <translation>{} Probleme</translation>
    </message>
    <message>
        <source>less than a minute left</source>
        <translation>noch keine Minute</translation>
    </message>
    <message>
        <source>{} min left</source>
        <translation>noch {} min</translation>
    </message>
    <message>
        <source>{} h left</source>
        <translation>noch {} h</translation>
    </message>
    <message>
        <source>{} days left</source>
        <translation>noch {} Tage</translation>
    </message>
</context>
<context>
    <name>Offers</name>
    <message>
        <source>&amp;Measure now</source>
        <translation>Jetzt &amp;messen</translation>
    </message>
    <message>
        <source>&amp;Compact</source>
        <translation>&amp;Verdichten</translation>
    </message>
    <message>
        <source>&amp;Train anew</source>
        <translation>&amp;Neu trainieren</translation>
    </message>
    <message>
        <source>Recommended</source>
        <translation>Empfohlen</translation>
    </message>
    <message>
        <source>Not needed</source>
        <translation>Nicht nötig</translation>
    </message>
</context>
<context>
    <name>OrderBox</name>
    <message>
        <source>Order of the groups</source>
        <translation>Reihenfolge der Gruppen</translation>
    </message>
    <message>
        <source>Most bytes first</source>
        <translation>Größter Gewinn zuerst</translation>
    </message>
    <message>
        <source>Most photos first</source>
        <translation>Meiste Fotos zuerst</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>Neueste zuerst</translation>
    </message>
</context>
<context>
    <name>OrderButton</name>
    <message>
        <source>Order</source>
        <translation>Sortieren</translation>
    </message>
    <message>
        <source>The order of all photos</source>
        <translation>Die Reihenfolge aller Fotos</translation>
    </message>
    <message>
        <source>Order of the photos</source>
        <translation>Reihenfolge der Fotos</translation>
    </message>
</context>
<context>
    <name>Outcome</name>
    <message>
        <source>Results</source>
        <translation>Ergebnisse</translation>
    </message>
    <message>
        <source>Exact check</source>
        <translation>Genaue Prüfung</translation>
    </message>
    <message>
        <source>What the search missed</source>
        <translation>Was der Suche entgangen ist</translation>
    </message>
</context>
<context>
    <name>OutcomePage</name>
    <message>
        <source>What is expected of each threshold</source>
        <translation>Was von jeder Schwelle zu erwarten ist</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>Schwelle</translation>
    </message>
    <message>
        <source>Of those shown, copies</source>
        <translation>Kopien unter den gezeigten</translation>
    </message>
    <message>
        <source>Copies found</source>
        <translation>Gefundene Kopien</translation>
    </message>
    <message>
        <source>The review goes by this from now on. Estimates change little with twenty answers and more with each round.</source>
        <translation>Danach richtet sich die Durchsicht ab jetzt. Zwanzig Antworten ändern die Schätzung wenig, jede weitere Runde mehr.</translation>
    </message>
    <message>
        <source>1 pair judged</source>
        <translation>1 Paar beurteilt</translation>
    </message>
    <message>
        <source>{} pairs judged</source>
        <translation>{} Paare beurteilt</translation>
    </message>
    <message>
        <source>{} answers were given for this library so far. What is expected:</source>
        <translation>Antworten für diese Bibliothek bisher: {}. Zu erwarten ist:</translation>
    </message>
</context>
<context>
    <name>PackInstaller</name>
    <message>
        <source>Install from a &amp;file…</source>
        <translation>Aus &amp;Datei installieren&#xa0;…</translation>
    </message>
    <message>
        <source>Install a model from a zip file on this computer</source>
        <translation>Ein Modell aus einer Zip-Datei auf diesem Rechner installieren</translation>
    </message>
    <message>
        <source>Install from an a&amp;ddress…</source>
        <translation>Von &amp;Adresse installieren&#xa0;…</translation>
    </message>
    <message>
        <source>Download a model from an address that you enter</source>
        <translation>Ein Modell von einer eingegebenen Adresse herunterladen</translation>
    </message>
    <message>
        <source>Address of the zip file</source>
        <translation>Adresse der Zip-Datei</translation>
    </message>
    <message>
        <source>64 digits and letters, from whoever published the model</source>
        <translation>64 Ziffern und Buchstaben vom Anbieter des Modells</translation>
    </message>
    <message>
        <source>SHA-256 checksum</source>
        <translation>SHA-256-Prüfsumme</translation>
    </message>
    <message>
        <source>Only the host of this address is contacted; the checksum tells that the right file came.</source>
        <translation>Nur der Server dieser Adresse wird aufgerufen; die Prüfsumme zeigt, ob die Datei stimmt.</translation>
    </message>
    <message>
        <source>Do&amp;wnload and install</source>
        <translation>&amp;Herunterladen und installieren</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Addr&amp;ess:</source>
        <translation>Ad&amp;resse:</translation>
    </message>
    <message>
        <source>SHA-&amp;256:</source>
        <translation>SHA-&amp;256:</translation>
    </message>
    <message>
        <source>Progress of the installation</source>
        <translation>Fortschritt der Installation</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Install a model</source>
        <translation>Modell installieren</translation>
    </message>
    <message>
        <source>Model packs ({})</source>
        <translation>Modelle ({})</translation>
    </message>
    <message>
        <source>The address must begin with https:// or http://.</source>
        <translation>Die Adresse muss mit https:// oder http:// beginnen.</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Wird angehalten&#xa0;…</translation>
    </message>
    <message>
        <source>Downloading</source>
        <translation>Wird heruntergeladen</translation>
    </message>
    <message>
        <source>Unpacking</source>
        <translation>Wird entpackt</translation>
    </message>
    <message>
        <source>Trying the model</source>
        <translation>Modell wird geprüft</translation>
    </message>
</context>
<context>
    <name>PacksPage</name>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Understands</source>
        <translation>Versteht</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Stand</translation>
    </message>
    <message>
        <source>&amp;Use for this library</source>
        <translation>Für diese Bibliothek &amp;verwenden</translation>
    </message>
    <message>
        <source>All photos are read again; until then, search goes on with the old model</source>
        <translation>Alle Fotos werden neu gelesen; bis dahin sucht das alte Modell weiter</translation>
    </message>
    <message>
        <source>&amp;Remove…</source>
        <translation>&amp;Entfernen&#xa0;…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>A model tells how alike photos are; some also understand words. All of them run here, offline.</source>
        <translation>Ein Modell misst, wie ähnlich sich Fotos sind; manche verstehen auch Wörter. Alle laufen hier, ohne Internet.</translation>
    </message>
    <message>
        <source>photos and words</source>
        <translation>Fotos und Wörter</translation>
    </message>
    <message>
        <source>photos, common words</source>
        <translation>Fotos, übliche Wörter</translation>
    </message>
    <message>
        <source>photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>this library changes to it</source>
        <translation>wird hier gerade eingeführt</translation>
    </message>
    <message>
        <source>used by this library</source>
        <translation>hier in Gebrauch</translation>
    </message>
    <message>
        <source>comes with photofind</source>
        <translation>gehört zu photofind</translation>
    </message>
    <message>
        <source>installed</source>
        <translation>installiert</translation>
    </message>
    <message>
        <source>Version {}. Licence: {}. Source: {}</source>
        <translation>Version {}. Lizenz: {}. Quelle: {}</translation>
    </message>
    <message>
        <source>Remove the model {} from this computer?</source>
        <translation>Das Modell {} von diesem Rechner entfernen?</translation>
    </message>
    <message>
        <source>The model {} was installed.</source>
        <translation>Das Modell {} wurde installiert.</translation>
    </message>
    <message>
        <source>The installation was stopped; nothing was installed.</source>
        <translation>Die Installation wurde angehalten; es wurde nichts installiert.</translation>
    </message>
    <message>
        <source>The model {} was removed.</source>
        <translation>Das Modell {} wurde entfernt.</translation>
    </message>
</context>
<context>
    <name>PhotoCommands</name>
    <message>
        <source>Only the first {} photos are opened.</source>
        <translation>Nur die ersten {} Fotos werden geöffnet.</translation>
    </message>
    <message>
        <source>Only the first {} paths are copied.</source>
        <translation>Nur die ersten {} Pfade werden kopiert.</translation>
    </message>
    <message>
        <source>The disk of the library does not answer; try again when it does.</source>
        <translation>Der Datenträger der Bibliothek antwortet nicht; versuchen Sie es wieder, wenn er es tut.</translation>
    </message>
</context>
<context>
    <name>PhotoGridModel</name>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
    <message>
        <source>{} % alike</source>
        <translation>{} % ähnlich</translation>
    </message>
    <message>
        <source>on a drive that is not connected</source>
        <translation>auf einem Laufwerk, das nicht angeschlossen ist</translation>
    </message>
</context>
<context>
    <name>PhotoGridView</name>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
</context>
<context>
    <name>PictureFetcher</name>
    <message>
        <source>The network library cannot be loaded ({}).</source>
        <translation>Die Netzwerk-Bibliothek lässt sich nicht laden ({}).</translation>
    </message>
    <message>
        <source>The picture is larger than {} MB and was not fetched.</source>
        <translation>Das Bild ist größer als {} MB und wurde nicht geholt.</translation>
    </message>
    <message>
        <source>The picture could not be fetched: {}.</source>
        <translation>Das Bild konnte nicht geholt werden: {}.</translation>
    </message>
</context>
<context>
    <name>PictureLoader</name>
    <message>
        <source>This photo is not in the library any more.</source>
        <translation>Dieses Foto ist nicht mehr in der Bibliothek.</translation>
    </message>
    <message>
        <source>This photo cannot be shown: {}.</source>
        <translation>Dieses Foto lässt sich nicht zeigen: {}.</translation>
    </message>
    <message>
        <source>This photo cannot be read: {}.</source>
        <translation>Dieses Foto lässt sich nicht lesen: {}.</translation>
    </message>
    <message>
        <source>This drive is not connected: {}</source>
        <translation>Dieses Laufwerk ist nicht angeschlossen: {}</translation>
    </message>
    <message>
        <source>This file is not there any more: {}</source>
        <translation>Diese Datei ist nicht mehr da: {}</translation>
    </message>
</context>
<context>
    <name>Placeholder</name>
    <message>
        <source>No photos to show</source>
        <translation>Hier gibt es keine Fotos</translation>
    </message>
</context>
<context>
    <name>PlanPage</name>
    <message>
        <source>Checking the files: {} of {}</source>
        <translation>Dateien werden geprüft: {} von {}</translation>
    </message>
    <message>
        <source>{} will be skipped; the last tab says why.</source>
        <translation>Übersprungen wird: {}; der letzte Reiter sagt, warum.</translation>
    </message>
    <message>
        <source>All files were checked; each is checked again right before it is touched.</source>
        <translation>Alle Dateien sind geprüft; jede wird noch einmal geprüft, ehe etwas mit ihr geschieht.</translation>
    </message>
    <message>
        <source>Move to the &amp;trash</source>
        <translation>In den &amp;Papierkorb verschieben</translation>
    </message>
    <message>
        <source>Move to a &amp;folder:</source>
        <translation>In einen &amp;Ordner verschieben:</translation>
    </message>
    <message>
        <source>Replace by hard &amp;links to the kept photo</source>
        <translation>Durch harte &amp;Links auf das behaltene Foto ersetzen</translation>
    </message>
    <message>
        <source>&amp;Choose…</source>
        <translation>&amp;Wählen&#xa0;…</translation>
    </message>
    <message>
        <source>Choose the folder to move to</source>
        <translation>Den Zielordner wählen</translation>
    </message>
    <message>
        <source>Progress of the check</source>
        <translation>Fortschritt der Prüfung</translation>
    </message>
    <message>
        <source>Folders that photos are taken from</source>
        <translation>Ordner, aus denen Fotos genommen werden</translation>
    </message>
    <message>
        <source>From the folder</source>
        <translation>Aus dem Ordner</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>Photos of the plan</source>
        <translation>Fotos des Plans</translation>
    </message>
    <message>
        <source>Photos that will be skipped</source>
        <translation>Fotos, die übersprungen werden</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>Übersprungen</translation>
    </message>
    <message>
        <source>Move the photos to</source>
        <translation>Fotos verschieben nach</translation>
    </message>
    <message>
        <source>{} in {}; {} stay in their place.</source>
        <translation>{} in {}; an ihrer Stelle behalten: {}.</translation>
    </message>
    <message>
        <source>Folders ({})</source>
        <translation>Ordner ({})</translation>
    </message>
    <message>
        <source>Photos ({})</source>
        <translation>Fotos ({})</translation>
    </message>
    <message>
        <source>{} left out: {}</source>
        <translation>{} ausgelassen: {}</translation>
    </message>
    <message>
        <source>Left out ({})</source>
        <translation>Ausgelassen ({})</translation>
    </message>
    <message>
        <source>Remove {}?</source>
        <translation>{} entfernen?</translation>
    </message>
    <message>
        <source>Move {}?</source>
        <translation>{} verschieben?</translation>
    </message>
    <message>
        <source>Replace {} by links?</source>
        <translation>{} durch Links ersetzen?</translation>
    </message>
    <message>
        <source>none is chosen yet</source>
        <translation>noch keiner gewählt</translation>
    </message>
    <message>
        <source>They can be put back until the trash is emptied. Where there is no trash, photos stay where they are.</source>
        <translation>Sie lassen sich zurücklegen, bis der Papierkorb geleert wird. Wo es keinen Papierkorb gibt, bleiben Fotos, wo sie sind.</translation>
    </message>
    <message>
        <source>Nothing in that folder is overwritten. They can be put back at any time.</source>
        <translation>In diesem Ordner wird nichts überschrieben. Sie lassen sich jederzeit zurücklegen.</translation>
    </message>
    <message>
        <source>Every name stays, and the space is used once. Only for photos that are the same to the last byte; whoever changes one changes both.</source>
        <translation>Jeder Name bleibt, der Platz wird nur einmal belegt. Nur für Fotos, die bis aufs letzte Byte gleich sind; wer eines ändert, ändert beide.</translation>
    </message>
    <message>
        <source>Choose a folder first.</source>
        <translation>Bitte zuerst einen Ordner wählen.</translation>
    </message>
    <message>
        <source>Making the plan…</source>
        <translation>Der Plan wird gemacht&#xa0;…</translation>
    </message>
    <message>
        <source>Checking the files…</source>
        <translation>Die Dateien werden geprüft&#xa0;…</translation>
    </message>
    <message>
        <source>There is nothing to do this way.</source>
        <translation>Auf diese Weise gibt es nichts zu tun.</translation>
    </message>
</context>
<context>
    <name>Preview</name>
    <message>
        <source>Back to the photos</source>
        <translation>Zurück zu den Fotos</translation>
    </message>
    <message>
        <source>Previous photo</source>
        <translation>Voriges Foto</translation>
    </message>
    <message>
        <source>Next photo</source>
        <translation>Nächstes Foto</translation>
    </message>
    <message>
        <source>First photo</source>
        <translation>Erstes Foto</translation>
    </message>
    <message>
        <source>Last photo</source>
        <translation>Letztes Foto</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Fit in the window</source>
        <translation>Ins Fenster einpassen</translation>
    </message>
    <message>
        <source>Original size</source>
        <translation>Originalgröße</translation>
    </message>
    <message>
        <source>Turn the view left</source>
        <translation>Ansicht nach links drehen</translation>
    </message>
    <message>
        <source>Turn the view right</source>
        <translation>Ansicht nach rechts drehen</translation>
    </message>
    <message>
        <source>Search by a part of the photo</source>
        <translation>Mit einem Ausschnitt suchen</translation>
    </message>
    <message>
        <source>Find similar</source>
        <translation>Ähnliche finden</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
</context>
<context>
    <name>PreviewPane</name>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
</context>
<context>
    <name>ProgressBar</name>
    <message>
        <source>Background work</source>
        <translation>Arbeit im Hintergrund</translation>
    </message>
    <message>
        <source>1 folder offline</source>
        <translation>1 Ordner getrennt</translation>
    </message>
    <message>
        <source>{} folders offline</source>
        <translation>{} Ordner getrennt</translation>
    </message>
    <message>
        <source>Not connected now; the photos stay in the library:
{}</source>
        <translation>Zurzeit nicht angeschlossen; die Fotos bleiben in der Bibliothek:
{}</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Share of the photos that is read</source>
        <translation>Anteil der gelesenen Fotos</translation>
    </message>
    <message>
        <source>Files that could not be read</source>
        <translation>Nicht lesbare Dateien</translation>
    </message>
    <message>
        <source>Show the files that could not be read</source>
        <translation>Die nicht lesbaren Dateien zeigen</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>Getrennt</translation>
    </message>
    <message>
        <source>Folders that are offline</source>
        <translation>Getrennte Ordner</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Go on reading photos</source>
        <translation>Fotos weiter einlesen</translation>
    </message>
    <message>
        <source>Pause reading photos</source>
        <translation>Einlesen der Fotos anhalten</translation>
    </message>
    <message>
        <source>No photos yet</source>
        <translation>Noch keine Fotos</translation>
    </message>
    <message>
        <source>{} · paused</source>
        <translation>{} · angehalten</translation>
    </message>
    <message>
        <source>Paused · {} / {}</source>
        <translation>Angehalten · {} / {}</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Looking for photos…</source>
        <translation>Fotos werden gesucht&#xa0;…</translation>
    </message>
    <message>
        <source>Looking for photos… {} found</source>
        <translation>Fotos werden gesucht&#xa0;… {} gefunden</translation>
    </message>
    <message>
        <source>{} · {} read</source>
        <translation>{} · {} gelesen</translation>
    </message>
    <message>
        <source>Arranging photos for fast search…</source>
        <translation>Fotos werden für schnelles Suchen geordnet&#xa0;…</translation>
    </message>
    <message>
        <source>{} / {}</source>
        <translation>{} / {}</translation>
    </message>
    <message>
        <source>{}/s</source>
        <translation>{}/s</translation>
    </message>
    <message>
        <source>Measuring how much fast searches find…</source>
        <translation>Gemessen wird, wie viel schnelle Suchen finden&#xa0;…</translation>
    </message>
    <message>
        <source>Making the search index compact…</source>
        <translation>Der Suchindex wird verdichtet&#xa0;…</translation>
    </message>
    <message>
        <source>Training the search index anew…</source>
        <translation>Der Suchindex wird neu trainiert&#xa0;…</translation>
    </message>
</context>
<context>
    <name>ProgressPage</name>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Each photo is compared again right before it is touched. This goes on when you close this dialog.</source>
        <translation>Jedes Foto wird noch einmal verglichen, ehe etwas mit ihm geschieht. Das geht weiter, auch wenn dieser Dialog geschlossen wird.</translation>
    </message>
    <message>
        <source>{} of {}</source>
        <translation>{} von {}</translation>
    </message>
    <message>
        <source>{}, {} skipped</source>
        <translation>{}, {} übersprungen</translation>
    </message>
    <message>
        <source>Stopping after this photo</source>
        <translation>Nach diesem Foto wird angehalten</translation>
    </message>
</context>
<context>
    <name>QueryBar</name>
    <message>
        <source>Query</source>
        <translation>Suche</translation>
    </message>
</context>
<context>
    <name>QueryWiring</name>
    <message>
        <source>Only the first {} of these photos are searched by.</source>
        <translation>Gesucht wird nur mit den ersten {} dieser Fotos.</translation>
    </message>
</context>
<context>
    <name>ResultPage</name>
    <message>
        <source>What became of each photo</source>
        <translation>Was aus jedem Foto wurde</translation>
    </message>
    <message>
        <source>{} in all.</source>
        <translation>{} insgesamt.</translation>
    </message>
    <message>
        <source>It was stopped; the other photos are where they were.</source>
        <translation>Es wurde angehalten; die anderen Fotos sind, wo sie waren.</translation>
    </message>
    <message>
        <source>What was skipped was left as it is.</source>
        <translation>Übersprungenes blieb, wie es ist.</translation>
    </message>
    <message>
        <source>You can take it back now, or later from the history, even after a restart.</source>
        <translation>Das lässt sich jetzt zurücknehmen oder später aus dem Verlauf, auch nach einem Neustart.</translation>
    </message>
</context>
<context>
    <name>Review</name>
    <message>
        <source>Back to the photos</source>
        <translation>Zurück zu den Fotos</translation>
    </message>
    <message>
        <source>Next group</source>
        <translation>Nächste Gruppe</translation>
    </message>
    <message>
        <source>Previous group</source>
        <translation>Vorige Gruppe</translation>
    </message>
    <message>
        <source>A page of groups on</source>
        <translation>Eine Seite Gruppen weiter</translation>
    </message>
    <message>
        <source>A page of groups back</source>
        <translation>Eine Seite Gruppen zurück</translation>
    </message>
    <message>
        <source>First group</source>
        <translation>Erste Gruppe</translation>
    </message>
    <message>
        <source>Last group</source>
        <translation>Letzte Gruppe</translation>
    </message>
    <message>
        <source>Previous photo of the group</source>
        <translation>Voriges Foto der Gruppe</translation>
    </message>
    <message>
        <source>Next photo of the group</source>
        <translation>Nächstes Foto der Gruppe</translation>
    </message>
    <message>
        <source>Mark the photo to be removed, or not</source>
        <translation>Das Foto zum Entfernen markieren oder nicht</translation>
    </message>
    <message>
        <source>Keep the photo</source>
        <translation>Das Foto behalten</translation>
    </message>
    <message>
        <source>Remove the photo</source>
        <translation>Das Foto entfernen</translation>
    </message>
    <message>
        <source>Leave the photo undecided</source>
        <translation>Das Foto offen lassen</translation>
    </message>
    <message>
        <source>Take the mark off the photo</source>
        <translation>Die Markierung vom Foto nehmen</translation>
    </message>
    <message>
        <source>Accept the suggestions and go on</source>
        <translation>Die Vorschläge annehmen und weiter</translation>
    </message>
    <message>
        <source>This photo is no duplicate</source>
        <translation>Dieses Foto ist kein Duplikat</translation>
    </message>
    <message>
        <source>No photo of the group is a duplicate</source>
        <translation>Kein Foto der Gruppe ist ein Duplikat</translation>
    </message>
    <message>
        <source>Side by side; again: swap</source>
        <translation>Nebeneinander; noch einmal: tauschen</translation>
    </message>
    <message>
        <source>One over the other</source>
        <translation>Übereinander</translation>
    </message>
    <message>
        <source>One after the other; again: the other</source>
        <translation>Nacheinander; noch einmal: das andere</translation>
    </message>
    <message>
        <source>What differs</source>
        <translation>Was anders ist</translation>
    </message>
    <message>
        <source>Swap the photos</source>
        <translation>Die Fotos tauschen</translation>
    </message>
    <message>
        <source>Move both photos together</source>
        <translation>Beide Fotos zusammen bewegen</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Fit in the window</source>
        <translation>Ins Fenster einpassen</translation>
    </message>
    <message>
        <source>Original size</source>
        <translation>Originalgröße</translation>
    </message>
    <message>
        <source>Show differences stronger</source>
        <translation>Unterschiede stärker zeigen</translation>
    </message>
    <message>
        <source>Facts about both photos</source>
        <translation>Angaben zu beiden Fotos</translation>
    </message>
    <message>
        <source>Move the divider or the view to the left</source>
        <translation>Trennlinie oder Ansicht nach links bewegen</translation>
    </message>
    <message>
        <source>Move the divider or the view to the right</source>
        <translation>Trennlinie oder Ansicht nach rechts bewegen</translation>
    </message>
    <message>
        <source>Move the view up</source>
        <translation>Ansicht nach oben bewegen</translation>
    </message>
    <message>
        <source>Move the view down</source>
        <translation>Ansicht nach unten bewegen</translation>
    </message>
    <message>
        <source>d MMM yyyy, HH:mm</source>
        <comment>the form of a date</comment>
        <translation>d. MMM yyyy, HH:mm</translation>
    </message>
    <message>
        <source>strict</source>
        <translation>streng</translation>
    </message>
    <message>
        <source>careful</source>
        <translation>vorsichtig</translation>
    </message>
    <message>
        <source>usual</source>
        <translation>üblich</translation>
    </message>
    <message>
        <source>generous</source>
        <translation>großzügig</translation>
    </message>
    <message>
        <source>loose</source>
        <translation>locker</translation>
    </message>
    <message>
        <source>Looking at {} of {} photos …</source>
        <translation>{} von {} Fotos werden angesehen&#xa0;…</translation>
    </message>
    <message>
        <source>Looking for candidates: {} of {} …</source>
        <translation>Kandidaten werden gesucht: {} von {}&#xa0;…</translation>
    </message>
    <message>
        <source>Comparing {} of {} …</source>
        <translation>Vergleich {} von {}&#xa0;…</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Getting ready …</source>
        <translation>Wird vorbereitet&#xa0;…</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>Offen</translation>
    </message>
    <message>
        <source>This photo is in a protected folder: nothing there is removed.</source>
        <translation>Dieses Foto liegt in einem geschützten Ordner: Dort wird nichts entfernt.</translation>
    </message>
    <message>
        <source>This photo is on a drive that is not connected: it cannot be removed now.</source>
        <translation>Dieses Foto liegt auf einem getrennten Laufwerk: Es lässt sich jetzt nicht entfernen.</translation>
    </message>
    <message>
        <source>One photo of each group stays: keep another one first.</source>
        <translation>Ein Foto jeder Gruppe bleibt: bitte zuerst ein anderes behalten.</translation>
    </message>
    <message>
        <source>All groups here are decided.</source>
        <translation>Alle Gruppen hier sind entschieden.</translation>
    </message>
    <message>
        <source>Choose the photo that is no duplicate of the first one.</source>
        <translation>Bitte das Foto wählen, das kein Duplikat des ersten ist.</translation>
    </message>
    <message>
        <source>These two files are the same, byte for byte.</source>
        <translation>Diese beiden Dateien sind gleich, Byte für Byte.</translation>
    </message>
    <message>
        <source>These two will not be shown as duplicates again.</source>
        <translation>Diese beiden werden nicht mehr als Duplikate gezeigt.</translation>
    </message>
    <message>
        <source>This group will not be shown again, unless a new photo joins it.</source>
        <translation>Diese Gruppe wird nicht mehr gezeigt, solange kein neues Foto dazukommt.</translation>
    </message>
    <message>
        <source>Exact copies</source>
        <translation>Exakte Kopien</translation>
    </message>
    <message>
        <source>Edited copies</source>
        <translation>Bearbeitete</translation>
    </message>
    <message>
        <source>Similar shots</source>
        <translation>Ähnliche Fotos</translation>
    </message>
    <message>
        <source>Same file</source>
        <translation>Gleiche Datei</translation>
    </message>
    <message>
        <source>Same picture, other file</source>
        <translation>Gleiches Bild, andere Datei</translation>
    </message>
    <message>
        <source>Re-encoded</source>
        <translation>Neu kodiert</translation>
    </message>
    <message>
        <source>Resized</source>
        <translation>Andere Größe</translation>
    </message>
    <message>
        <source>Cropped</source>
        <translation>Beschnitten</translation>
    </message>
    <message>
        <source>Edited</source>
        <translation>Bearbeitet</translation>
    </message>
    <message>
        <source>Similar shot</source>
        <translation>Ähnliche Aufnahme</translation>
    </message>
    <message>
        <source>protected folder</source>
        <translation>geschützter Ordner</translation>
    </message>
    <message>
        <source>its drive is away</source>
        <translation>Laufwerk getrennt</translation>
    </message>
    <message>
        <source>it is the kept file by another path</source>
        <translation>dieselbe Datei</translation>
    </message>
    <message>
        <source>smaller picture</source>
        <translation>kleineres Bild</translation>
    </message>
    <message>
        <source>lesser format</source>
        <translation>minderes Format</translation>
    </message>
    <message>
        <source>less metadata</source>
        <translation>weniger Metadaten</translation>
    </message>
    <message>
        <source>less preferred folder</source>
        <translation>Ordner nachrangig</translation>
    </message>
    <message>
        <source>newer file</source>
        <translation>neuere Datei</translation>
    </message>
    <message>
        <source>longer path</source>
        <translation>längerer Pfad</translation>
    </message>
    <message>
        <source>other one protected</source>
        <translation>anderes geschützt</translation>
    </message>
    <message>
        <source>made from the kept one</source>
        <translation>davon abgeleitet</translation>
    </message>
    <message>
        <source>more compressed</source>
        <translation>mehr komprimiert</translation>
    </message>
    <message>
        <source>named like a copy</source>
        <translation>Kopie im Namen</translation>
    </message>
    <message>
        <source>Look first: one of the two was edited.</source>
        <translation>Erst ansehen: Eines der beiden wurde bearbeitet.</translation>
    </message>
    <message>
        <source>Look first: one of the two was cropped.</source>
        <translation>Erst ansehen: Eines der beiden wurde beschnitten.</translation>
    </message>
    <message>
        <source>Look first: one of the two is the RAW file.</source>
        <translation>Erst ansehen: Eines der beiden ist die RAW-Datei.</translation>
    </message>
    <message>
        <source>Look first: this is the better one, the other is protected.</source>
        <translation>Erst ansehen: Dieses ist das bessere, das andere ist geschützt.</translation>
    </message>
    <message>
        <source>The others are compared with this one</source>
        <translation>Vergleichsfoto der anderen</translation>
    </message>
    <message>
        <source>{} % sure</source>
        <translation>{} % sicher</translation>
    </message>
    <message>
        <source>{} of {} bits differ</source>
        <translation>{} von {} Bits verschieden</translation>
    </message>
    <message>
        <source>{} details match</source>
        <translation>{} Einzelheiten passen</translation>
    </message>
    <message>
        <source>both show {} % of the view</source>
        <translation>beide zeigen {} % der Ansicht</translation>
    </message>
    <message>
        <source>brightness differs by {} %</source>
        <translation>Helligkeit weicht um {} % ab</translation>
    </message>
    <message>
        <source>Suggested: keep</source>
        <translation>Vorschlag: behalten</translation>
    </message>
    <message>
        <source>Suggested: remove</source>
        <translation>Vorschlag: entfernen</translation>
    </message>
    <message>
        <source>this one: {}; the kept one: {}</source>
        <translation>dieses: {}; das behaltene: {}</translation>
    </message>
    <message>
        <source>file of {}</source>
        <translation>Datei vom {}</translation>
    </message>
    <message>
        <source>{} % alike</source>
        <translation>{} % ähnlich</translation>
    </message>
</context>
<context>
    <name>ReviewControl</name>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
</context>
<context>
    <name>ReviewDialogs</name>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Wait until the photos that are being moved are through, then try again.</source>
        <translation>Bitte warten, bis die Fotos verschoben sind, und es dann noch einmal versuchen.</translation>
    </message>
    <message>
        <source>{}.</source>
        <translation>{}.</translation>
    </message>
</context>
<context>
    <name>ReviewPage</name>
    <message>
        <source>Duplicates</source>
        <translation>Duplikate</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>The duplicates cannot be shown</source>
        <translation>Die Duplikate lassen sich nicht zeigen</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>Ordner hinzufügen&#xa0;…</translation>
    </message>
    <message>
        <source>No photos yet</source>
        <translation>Noch keine Fotos</translation>
    </message>
    <message>
        <source>Add a folder, then look for duplicates.</source>
        <translation>Erst einen Ordner hinzufügen, dann nach Duplikaten suchen.</translation>
    </message>
    <message>
        <source>Looking for duplicates</source>
        <translation>Duplikate werden gesucht</translation>
    </message>
    <message>
        <source>Find duplicates</source>
        <translation>Duplikate suchen</translation>
    </message>
    <message>
        <source>{} were not compared yet. Nothing is changed by comparing them.</source>
        <translation>Noch nicht verglichen: {}. Das Vergleichen ändert nichts.</translation>
    </message>
    <message>
        <source>Not searched yet</source>
        <translation>Noch nicht gesucht</translation>
    </message>
    <message>
        <source>{} were compared.</source>
        <translation>Verglichen: {}.</translation>
    </message>
    <message>
        <source>No duplicates</source>
        <translation>Keine Duplikate</translation>
    </message>
    <message>
        <source>There are none of this kind, or none that are left.</source>
        <translation>Davon gibt es keine, oder keine mehr.</translation>
    </message>
    <message>
        <source>Group {} of {}</source>
        <translation>Gruppe {} von {}</translation>
    </message>
    <message>
        <source>look at {} first</source>
        <translation>{} erst ansehen</translation>
    </message>
    <message>
        <source>In 1 group, photos were marked.</source>
        <translation>In 1 Gruppe wurden Fotos markiert.</translation>
    </message>
    <message>
        <source>In {} groups, photos were marked.</source>
        <translation>In {} Gruppen wurden Fotos markiert.</translation>
    </message>
    <message>
        <source>Not a duplicate</source>
        <translation>Kein Duplikat</translation>
    </message>
    <message>
        <source>No duplicates here</source>
        <translation>Keine Duplikate</translation>
    </message>
    <message>
        <source>Accept suggestions</source>
        <translation>Vorschläge annehmen</translation>
    </message>
</context>
<context>
    <name>SavedControl</name>
    <message>
        <source>“{}” has no file of its own; save it as one, search by that file, and save that search.</source>
        <translation>„{}“ hat keine eigene Datei; das Bild als Datei ablegen, damit suchen und dann speichern.</translation>
    </message>
    <message>
        <source>The search “{}” cannot be used: {}</source>
        <translation>Die Suche „{}“ lässt sich nicht verwenden: {}</translation>
    </message>
    <message>
        <source>The saved search “{}” was removed.</source>
        <translation>Die gespeicherte Suche „{}“ wurde entfernt.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
</context>
<context>
    <name>SavedPanel</name>
    <message>
        <source>Saved searches</source>
        <translation>Gespeicherte Suchen</translation>
    </message>
    <message>
        <source>No saved searches yet.
Search for something, then save it here.</source>
        <translation>Noch keine gespeicherten Suchen.
Etwas suchen, dann hier speichern.</translation>
    </message>
    <message>
        <source>&amp;Name of this search:</source>
        <translation>&amp;Name dieser Suche:</translation>
    </message>
    <message>
        <source>Name of this search</source>
        <translation>Name dieser Suche</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Save this search…</source>
        <translation>Suche speichern&#xa0;…</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>There is a search of this name; it will be replaced.</source>
        <translation>Eine Suche mit diesem Namen gibt es schon; sie wird ersetzt.</translation>
    </message>
</context>
<context>
    <name>SceneView</name>
    <message>
        <source>Both photos, one over the other</source>
        <translation>Beide Fotos, übereinander</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Pages of the settings</source>
        <translation>Seiten der Einstellungen</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Search for an action or a key</source>
        <translation>Nach Aktion oder Taste suchen</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>In the preview</source>
        <translation>In der Vorschau</translation>
    </message>
    <message>
        <source>In the review of duplicates</source>
        <translation>In der Durchsicht der Duplikate</translation>
    </message>
    <message>
        <source>On a part of the search</source>
        <translation>An einem Teil der Suche</translation>
    </message>
    <message>
        <source>With the mouse</source>
        <translation>Mit der Maus</translation>
    </message>
    <message>
        <source>Size of the thumbnails</source>
        <translation>Größe der Vorschaubilder</translation>
    </message>
    <message>
        <source>Ctrl+wheel</source>
        <translation>Strg+Mausrad</translation>
    </message>
    <message>
        <source>Add to the selection</source>
        <translation>Zur Auswahl hinzufügen</translation>
    </message>
    <message>
        <source>Ctrl+click</source>
        <translation>Strg+Klick</translation>
    </message>
    <message>
        <source>Select a range</source>
        <translation>Bereich auswählen</translation>
    </message>
    <message>
        <source>Shift+click</source>
        <translation>Umschalt+Klick</translation>
    </message>
    <message>
        <source>How much a part of the search counts</source>
        <translation>Wie viel ein Teil der Suche zählt</translation>
    </message>
    <message>
        <source>Take it out</source>
        <translation>Herausnehmen</translation>
    </message>
    <message>
        <source>Less like it</source>
        <translation>Weniger davon</translation>
    </message>
    <message>
        <source>More like it</source>
        <translation>Mehr davon</translation>
    </message>
    <message>
        <source>Go to its neighbours</source>
        <translation>Zu den Nachbarn gehen</translation>
    </message>
    <message>
        <source>Move it</source>
        <translation>Verschieben</translation>
    </message>
</context>
<context>
    <name>SizesChart</name>
    <message>
        <source>{lists} inverted lists by their sizes, the longest of {longest} vectors</source>
        <translation>{lists} invertierte Listen nach Größe, die längste mit {longest} Vektoren</translation>
    </message>
    <message>
        <source>Lists of {size} vectors: {lists}</source>
        <translation>Listen mit {size} Vektoren: {lists}</translation>
    </message>
    <message>
        <source>Lists of {first} to {last} vectors: {lists}</source>
        <translation>Listen mit {first} bis {last} Vektoren: {lists}</translation>
    </message>
    <message>
        <source>median {}</source>
        <translation>Median {}</translation>
    </message>
</context>
<context>
    <name>SpeedSlider</name>
    <message>
        <source>Speed and accuracy of the search</source>
        <translation>Tempo und Genauigkeit der Suche</translation>
    </message>
    <message>
        <source>What this position finds, and how fast</source>
        <translation>Was diese Stellung findet, und wie schnell</translation>
    </message>
    <message>
        <source>Fast</source>
        <translation>Schnell</translation>
    </message>
    <message>
        <source>Exact</source>
        <translation>Genau</translation>
    </message>
    <message>
        <source>Fewer lists are faster, more find more. Double-click for the usual setting, at the mark.</source>
        <translation>Weniger Listen sind schneller, mehr finden mehr. Doppelklick stellt auf die übliche Stellung, an der Marke.</translation>
    </message>
</context>
<context>
    <name>Steps</name>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Kept instead</source>
        <translation>Dafür behalten</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Warum</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Stand</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
</context>
<context>
    <name>SummaryBar</name>
    <message>
        <source>What was decided</source>
        <translation>Was entschieden wurde</translation>
    </message>
    <message>
        <source>Applying suggestions</source>
        <translation>Vorschläge werden angewandt</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Apply suggestions to the rest…</source>
        <translation>Vorschläge auf den Rest anwenden&#xa0;…</translation>
    </message>
    <message>
        <source>Mark what is suggested in all groups where nothing is decided</source>
        <translation>Das Vorgeschlagene in allen Gruppen markieren, in denen nichts entschieden ist</translation>
    </message>
    <message>
        <source>Remove marked…</source>
        <translation>Markierte entfernen&#xa0;…</translation>
    </message>
    <message>
        <source>Show what would be done with the marked photos, before anything is</source>
        <translation>Zeigen, was mit den markierten Fotos geschähe, ehe etwas geschieht</translation>
    </message>
    <message>
        <source>1 group decided</source>
        <translation>1 Gruppe entschieden</translation>
    </message>
    <message>
        <source>{} groups decided</source>
        <translation>{} Gruppen entschieden</translation>
    </message>
    <message>
        <source>1 photo to remove</source>
        <translation>1 Foto zu entfernen</translation>
    </message>
    <message>
        <source>{} photos to remove</source>
        <translation>{} Fotos zu entfernen</translation>
    </message>
</context>
<context>
    <name>ThresholdSlider</name>
    <message>
        <source>How alike copies have to be</source>
        <translation>Wie ähnlich Kopien sein müssen</translation>
    </message>
    <message>
        <source>Strict</source>
        <translation>Streng</translation>
    </message>
    <message>
        <source>Loose</source>
        <translation>Locker</translation>
    </message>
    <message>
        <source>How alike photos have to be to count as copies of one picture. Exact copies are always shown.</source>
        <translation>Wie ähnlich Fotos sein müssen, um als Kopien eines Bildes zu gelten. Exakte Kopien werden immer gezeigt.</translation>
    </message>
    <message>
        <source>{}: {} % right, finds {} %</source>
        <translation>{}: {} % richtig, findet {} %</translation>
    </message>
</context>
<context>
    <name>TileArt</name>
    <message>
        <source>missed</source>
        <translation>entgangen</translation>
    </message>
</context>
<context>
    <name>ToolRow</name>
    <message>
        <source>Preview tools</source>
        <translation>Werkzeuge der Vorschau</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>{} of {}</source>
        <translation>{} von {}</translation>
    </message>
    <message>
        <source>{} %</source>
        <translation>{} %</translation>
    </message>
</context>
<context>
    <name>TrainingWords</name>
    <message>
        <source>unknown</source>
        <translation>unbekannt</translation>
    </message>
    <message>
        <source>With {} vectors.</source>
        <translation>Mit {} Vektoren.</translation>
    </message>
    <message>
        <source>{} came since.</source>
        <translation>Seither kamen {} hinzu.</translation>
    </message>
    <message>
        <source>Last training</source>
        <translation>Letztes Training</translation>
    </message>
    <message>
        <source>How well it fits</source>
        <translation>Wie gut er passt</translation>
    </message>
    <message>
        <source>of photos that came since</source>
        <translation>der seither hinzugekommenen Fotos</translation>
    </message>
    <message>
        <source>of all photos</source>
        <translation>aller Fotos</translation>
    </message>
    <message>
        <source>Distance to the centre of a list</source>
        <translation>Abstand zur Mitte einer Liste</translation>
    </message>
    <message>
        <source>The mean {whom}. {verdict}</source>
        <translation>Der Mittelwert {whom}. {verdict}</translation>
    </message>
    <message>
        <source>Clipped components</source>
        <translation>Gekappte Komponenten</translation>
    </message>
    <message>
        <source>So much {whom} lies outside the range that the index can store, and is rounded.</source>
        <translation>Von den Komponenten {whom} liegt so viel außerhalb des Bereichs, den der Index speichern kann, und wird gerundet.</translation>
    </message>
    <message>
        <source>{now} (at the training {then})</source>
        <translation>{now} (beim Training {then})</translation>
    </message>
    <message>
        <source>These are of another kind than those that the index knows.</source>
        <translation>Diese sind von anderer Art als die, die der Index kennt.</translation>
    </message>
    <message>
        <source>What it was at the training is not known.</source>
        <translation>Wie es beim Training war, ist nicht bekannt.</translation>
    </message>
    <message>
        <source>The index fits them as it did at its training.</source>
        <translation>Der Index passt zu ihnen wie beim Training.</translation>
    </message>
    <message>
        <source>{found} of 100 (± {error})</source>
        <translation>{found} von 100 (± {error})</translation>
    </message>
    <message>
        <source>Of the ten most similar photos, at the usual setting (lists searched: {nprobe}). At least {wanted} are asked for.</source>
        <translation>Von den zehn ähnlichsten Fotos, in der üblichen Stellung (durchsuchte Listen: {nprobe}). Verlangt sind mindestens {wanted}.</translation>
    </message>
    <message>
        <source>{ms} ms</source>
        <translation>{ms} ms</translation>
    </message>
    <message>
        <source>Of 100 searches, 95 take at most {p95} ms. Comparing with every photo takes {exact} ms.</source>
        <translation>Von 100 Suchen dauern 95 höchstens {p95} ms. Mit jedem Foto zu vergleichen dauert {exact} ms.</translation>
    </message>
    <message>
        <source>What searches find</source>
        <translation>Was Suchen finden</translation>
    </message>
    <message>
        <source>True neighbours found</source>
        <translation>Gefundene echte Nachbarn</translation>
    </message>
    <message>
        <source>Time of a search</source>
        <translation>Dauer einer Suche</translation>
    </message>
</context>
<context>
    <name>TypesButton</name>
    <message>
        <source>Any type</source>
        <translation>Jeder Typ</translation>
    </message>
    <message>
        <source>{} types</source>
        <translation>{} Typen</translation>
    </message>
</context>
<context>
    <name>UnderstoodRow</name>
    <message>
        <source>What was understood</source>
        <translation>Was verstanden wurde</translation>
    </message>
    <message>
        <source>How many photos match</source>
        <translation>Wie viele Fotos passen</translation>
    </message>
</context>
<context>
    <name>UpkeepProgress</name>
    <message>
        <source>Share that is done</source>
        <translation>Erledigter Anteil</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>A&amp;bbrechen</translation>
    </message>
    <message>
        <source>End this; the index stays as it was</source>
        <translation>Dies beenden; der Index bleibt, wie er war</translation>
    </message>
    <message>
        <source>{} Waiting for its turn…</source>
        <translation>{} Wartet, bis es an der Reihe ist&#xa0;…</translation>
    </message>
    <message>
        <source>Paused; the status bar of the window goes on.</source>
        <translation>Angehalten; in der Statuszeile des Fensters geht es weiter.</translation>
    </message>
    <message>
        <source>Measuring what searches find…</source>
        <translation>Gemessen wird, was Suchen finden&#xa0;…</translation>
    </message>
    <message>
        <source>Compacting the index…</source>
        <translation>Der Index wird verdichtet&#xa0;…</translation>
    </message>
    <message>
        <source>Training the index anew…</source>
        <translation>Der Index wird neu trainiert&#xa0;…</translation>
    </message>
</context>
<context>
    <name>VerdictLine</name>
    <message>
        <source>Verdict</source>
        <translation>Urteil</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>Belege</translation>
    </message>
    <message>
        <source>Show the numbers behind the verdict</source>
        <translation>Die Zahlen hinter dem Urteil zeigen</translation>
    </message>
</context>
<context>
    <name>Wiring</name>
    <message>
        <source>Add a folder of photos</source>
        <translation>Ordner mit Fotos hinzufügen</translation>
    </message>
    <message>
        <source>Search by pictures</source>
        <translation>Mit Bildern suchen</translation>
    </message>
    <message>
        <source>Pictures ({})</source>
        <translation>Bilder ({})</translation>
    </message>
</context>
<context>
    <name>WordsField</name>
    <message>
        <source>Search by words</source>
        <translation>Mit Wörtern suchen</translation>
    </message>
    <message>
        <source>Type what you remember: dog on a beach, 2019 Kyoto</source>
        <translation>Am besten auf Englisch: dog on a beach, 2019 Kyoto</translation>
    </message>
    <message>
        <source>Find photos by what is on them, by date, folder, name or camera</source>
        <translation>Fotos finden nach dem, was darauf ist (am besten auf Englisch), nach Datum, Ordner, Name oder Kamera</translation>
    </message>
</context>
<context>
    <name>WorkerLink</name>
    <message>
        <source>Reading photos failed ({}). Please report it with the file {}.</source>
        <translation>Das Einlesen der Fotos ist fehlgeschlagen ({}). Bitte mit der Datei {} melden.</translation>
    </message>
    <message>
        <source>Reading photos stopped, because the process that does it ended unexpectedly several times.</source>
        <translation>Das Einlesen der Fotos wurde angehalten, weil der Prozess dafür mehrmals unerwartet geendet hat.</translation>
    </message>
    <message>
        <source>Rescan to try again; {} may say why.</source>
        <translation>Ein neues Einlesen versucht es wieder; {} nennt vielleicht den Grund.</translation>
    </message>
</context>
<context>
    <name>_Drawing</name>
    <message>
        <source>Photos under a magnifying glass</source>
        <translation>Fotos unter einer Lupe</translation>
    </message>
</context>
</TS>
