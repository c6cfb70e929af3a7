# The golden cases: "run NAME ARGUMENTS" runs the command and compares its output and exit code with golden/NAME.txt.
# $image is an image of the demonstration, $live one that $writer is writing.

run help --help
run help_events events --help
run help_of_a_command help stats
run version --version
run no_command
run unknown_command sumary x.ring
run unknown_option stats --size "$image"
run unknown_letter stats -z "$image"
run value_of_a_flag stats "$image" --json=yes
run option_without_value stats "$image" --sort
run argument_missing summary
run argument_too_many summary "$image" "$image"

run summary summary "$image"
run summary_json summary "$image" --json
run events_last events "$image" --last 5
run events_by_category events "$image" --category sched,Compositor --last 4
run events_unknown_category events "$image" --category file,foo
run events_by_pid events "$image" --pid 3 --last 3
run events_bad_pid events "$image" --pid 3x
run events_huge_pid events "$image" --pid 4294967296
run events_by_name events "$image" --name open --last 3
run events_by_thread events "$image" --thread "ball*" --last 2
run events_by_text events "$image" --text /home --last 3
run events_by_time events "$image" --since 100 --until 100.5
run events_bad_time events "$image" --since soon
run events_asked events "$image" 'name:*e* failed' --last 3
run events_asked_regexp events "$image" '/^(fork|exec|sp)/ -category:sched' --last 3
run events_asked_wrong events "$image" 'open nmae:x'
run events_asked_self events "$image" 'self>1ms'
run stats_asked stats "$image" 'category:file -failed'
run tree tree "$work/trace.json"
run tree_inverted tree "$work/trace.json" --inverted
run tree_by_thread tree "$work/trace.json" --by-thread --least 0.4
run tree_asked tree "$work/trace.json" 'name:inside' --json
run tree_both_ways tree "$work/trace.json" --inverted --by-thread
run diff diff "$before" "$after"
run diff_same diff "$before" "$before"
run diff_all diff "$before" "$after" --all
run diff_better diff "$after" "$before" 'name:read name:*a*'
run diff_markdown diff "$before" "$after" --markdown
run diff_json diff "$before" "$after" name:read --json
run diff_of_directories diff "$work/before" "$work/after"
run diff_of_nothing diff "$before" "$after" name:nothing
run diff_two_forms diff "$before" "$after" --json --markdown
run diff_missing diff "$before" "$work/missing.ring"
run watch_held watch "$image" --when 'category:ipc dur>1ms' --when 'name:spawn' --save "$work/saves"
run watch_nothing watch "$image" --when failed --save "$work/saves"
run watch_without_folder watch "$image" --when failed
run watch_no_folder watch "$image" --when failed --save "$work/nowhere"
run watch_bad_query watch "$image" --when 'dur>1parsec' --save "$work/saves"
run watch_self watch "$image" --when 'self>1ms' --save "$work/saves"
run watch_bad_after watch "$image" --when failed --save "$work/saves" --after 2
run watch_keeps_none watch "$image" --when failed --save "$work/saves" --keep 0
run segment_without_folder segment "$image"
run segment_in_no_folder segment "$image" -o ''
run segment_bad_time segment "$image" -o "$work/segments" --every 60
run segment_bad_host segment "$image" -o "$work/segments" --host ../ada
run ship_nowhere ship "$work" --host ada
run ship_by_ftp ship "$work" --to ftp://127.0.0.1/x
run ship_with_a_login ship "$work" --to 'https://me:secret@127.0.0.1/x'
run ship_with_a_query ship "$work" --to 'http://127.0.0.1/x?y'
run ship_to_itself ship "$work" --to "$work/"
run ship_bad_format ship "$work" --to "$work/there" --format csv
run ship_bad_backoff ship "$work" --to "$work/there" --backoff 1
run ship_from_no_folder ship "$work/nowhere" --to "$work/there"
run check check "$before" "$after" --max 'p99:read+20%,p50:read<=200us' --max 'failures:*+0'
run check_kept check "$before" "$after" --max 'p99:read+60%' --max 'calls:*<=1000'
run check_by_chance check "$before" "$after" -m 'p50:fsync+5%'
run check_new check "$before" "$after" -m 'calls:lseek+0,total:lseek<=1us'
run check_markdown check "$before" "$after" -m 'p99:read+20%' --markdown
run check_json check "$before" "$after" -m 'p99:read+20%' --json
run check_of_directories check "$work/before" "$work/after" -m 'p50:read+55us'
run check_no_name check "$before" "$after" -m 'p99:raed+20%'
run check_bad_limit check "$before" "$after" -m 'p98:read+20%'
run check_bad_unit check "$before" "$after" -m 'p99:read+20'
run check_without_limit check "$before" "$after"
run events_wall_of_no_day events "$image" --wall
run events_two_formats events "$image" --json --format text
run events_of_no_process events "$image" --process ''
run events_wall_as_json events "$image" --wall --json
run events_json events "$image" --json --last 2
run events_by_pattern events "$image" --name "*EA*" --last 3
run events_by_duration events "$image" --slower 1ms --last 3
run events_none events "$image" --name nothing
run events_by_relative_path events "$image" --path a
run stats stats "$image"
run stats_by_count stats "$image" --sort count
run stats_by_p99 stats "$image" -s p99
run stats_bad_key stats "$image" --sort size
run stats_json stats "$image" --json
run slow slow "$image" -N 5
run slow_of_a_category slow "$image" --category file --count 2
run slow_json slow "$image" --json --count 1
run slow_none slow "$image" --name nothing
run slow_count_as_name slow "$image" -n 16
run slow_bad_count slow "$image" --count many
run files files "$work/recorded.json"
run files_created files "$work/created.json"
run files_missed files "$work/recorded.json" --only missed
run files_json files "$work/recorded.json" --only created --sort path --json
run files_unknown_kind files "$work/recorded.json" --only seen
run files_without_calls files "$image"
run net net "$work/recorded.json"
run net_json net "$work/recorded.json" --tid 12 --json
run net_none net "$work/trace.json"
run locks locks "$work/recorded.json"
run locks_json locks "$work/recorded.json" --json
run locks_of_a_process locks "$work/recorded.json" --pid 10
run procs procs "$work/recorded.json"
run procs_of_strace procs "$work/family.strace"
run procs_of_a_program procs "$image"
run procs_json procs "$image" --json
run procs_failed procs "$work/failures.strace" --failed
run procs_failed_json procs "$work/failures.strace" --failed --json
run info info "$image"
run info_json info "$image" --json
run export_some export "$image" --to ndjson --category file --name op* --last 2
run export_without_format export "$image"
run export_bad_format export "$image" --to xml
run export_no_directory export "$image" --to json -o "$work/no/such/out.json"
run export_full_disk export "$image" --to chrome -o /dev/full
run events_of_json events "$work/trace.json"
run events_of_words events "$work/words.json"
run procs_of_words procs "$work/words.json"
run stats_of_json stats "$work/trace.json"
run summary_of_json summary "$work/trace.json"
run info_of_json info "$work/trace.json"
run convert_without_output convert "$work/trace.json"
run ctl_bad_action ctl "$image" stop
run ctl_filter_without_categories ctl "$image" filter
run ctl_not_live ctl "$image" enable
run missing_file summary "$work/missing.ring"
run directory summary "$work"
run no_image stats "$work/text.ring"
run demo demo -o "$work/demo2.ring" --seed 2
run demo_bad_seed demo --seed x
run demo_over_other_file demo -o "$work/text.ring"
