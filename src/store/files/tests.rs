use super::*;

fn dir() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn r46_new_files_are_private_whole_and_never_over_others() {
    let dir = dir();
    let path = dir.path().join("a");
    write_new(&path, b"one").unwrap();
    write_new(&path, b"one").unwrap();
    for other in [b"two".as_slice(), b"", b"one1"] {
        assert!(matches!(write_new(&path, other), Err(FileError::Exists(_))));
    }
    assert_eq!(fs::read(&path).unwrap(), b"one");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(names(dir.path()), ["a"]);
}

#[test]
fn r46_links_and_directories_are_not_written_through() {
    let dir = dir();
    let (target, link) = (dir.path().join("target"), dir.path().join("link"));
    std::os::unix::fs::symlink(&target, &link).unwrap();
    assert!(matches!(write_new(&link, b"x"), Err(FileError::Exists(_))));
    assert!(append_line(&link, b"x").is_err());
    assert!(!target.exists());
    fs::create_dir(&target).unwrap();
    assert!(matches!(write_new(&target, b"x"), Err(FileError::Exists(_))));
    assert!(replace(&target, b"x").is_err());
    assert!(matches!(replace(&link, b"x"), Err(FileError::NotAFile(_))));
    assert!(matches!(write_new(&dir.path().join("no/x"), b"x"), Err(FileError::NotFound(_))));
    assert_eq!(names(dir.path()).len(), 2, "no temporary file stays");
}

#[test]
fn r46_world_writable_parents_are_refused_unless_sticky() {
    let dir = dir();
    let shared = dir.path().join("shared");
    create_dir_private(&shared).unwrap();
    create_dir_private(&shared).unwrap();
    assert_eq!(fs::metadata(&shared).unwrap().permissions().mode() & 0o777, 0o700);
    fs::set_permissions(&shared, fs::Permissions::from_mode(0o777)).unwrap();
    assert!(matches!(write_new(&shared.join("a"), b"x"), Err(FileError::WorldWritable(_))));
    assert!(matches!(create_dir_private(&shared.join("d")), Err(FileError::WorldWritable(_))));
    assert!(matches!(append_line(&shared.join("l"), b"x"), Err(FileError::WorldWritable(_))));
    assert!(matches!(create_dir_private(&shared), Err(FileError::WorldWritable(_))));
    fs::set_permissions(&shared, fs::Permissions::from_mode(0o1777)).unwrap();
    write_new(&shared.join("a"), b"x").unwrap();
    let file = shared.join("a");
    assert!(matches!(create_dir_private(&file), Err(FileError::NotADirectory(_))));
    assert!(matches!(
        create_dir_private(&file.join("d")),
        Err(FileError::NotADirectory(_)) | Err(FileError::Io { .. })
    ));
}

#[test]
fn replace_swaps_whole_contents() {
    let dir = dir();
    let path = dir.path().join("a");
    replace(&path, b"one").unwrap();
    replace(&path, b"second").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"second");
    assert_eq!(names(dir.path()), ["a"]);
    remove_file(&path).unwrap();
    remove_file(&path).unwrap();
    assert!(names(dir.path()).is_empty());
}

#[test]
fn files_are_made_durable_renamed_and_destroyed() {
    let dir = dir();
    let (a, b) = (dir.path().join("a"), dir.path().join("b"));
    fs::write(&a, [7; 9000]).unwrap();
    assert_eq!(read_durable(&a, 9000).unwrap(), [7; 9000]);
    assert!(matches!(read_durable(&a, 8999), Err(FileError::TooLarge { .. })));
    assert!(matches!(read_durable(&b, 9), Err(FileError::NotFound(_))));
    std::os::unix::fs::symlink(&a, &b).unwrap();
    for refused in [read_durable(&b, 9000).map(|_| ()), destroy(&b)] {
        assert!(matches!(refused, Err(FileError::NotAFile(_))));
    }
    assert!(matches!(rename_new(&a, &b), Err(FileError::Exists(_))));
    fs::remove_file(&b).unwrap();
    rename_new(&a, &b).unwrap();
    let kept = dir.path().join("kept");
    fs::hard_link(&b, &kept).unwrap();
    destroy(&b).unwrap();
    assert_eq!(fs::read(&kept).unwrap(), [0; 9000], "what the name stood for is overwritten");
    assert_eq!(names(dir.path()), ["kept"]);
}

#[test]
fn r51_reads_are_capped_and_only_of_regular_files() {
    let dir = dir();
    let path = dir.path().join("a");
    write_new(&path, b"12345").unwrap();
    assert_eq!(read_capped(&path, 5).unwrap(), b"12345");
    assert_eq!(read_secret(&path, u64::MAX).unwrap().expose(), b"12345");
    assert!(matches!(read_capped(&path, 4), Err(FileError::TooLarge { cap: 4, .. })));
    assert!(matches!(read_capped(dir.path(), 9), Err(FileError::NotAFile(_))));
    assert!(matches!(read_capped(&dir.path().join("b"), 9), Err(FileError::NotFound(_))));
    let huge = dir.path().join("huge");
    File::create(&huge).unwrap().set_len(1 << 40).unwrap();
    assert!(matches!(read_capped(&huge, 1 << 30), Err(FileError::TooLarge { .. })));
    let fifo = dir.path().join("fifo");
    rustix::fs::mknodat(CWD, &fifo, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
    assert!(matches!(read_capped(&fifo, 9), Err(FileError::NotAFile(_))));
    assert!(matches!(read_capped(Path::new("/dev/zero"), 9), Err(FileError::NotAFile(_))));
}

#[test]
fn logs_grow_by_whole_lines() {
    let dir = dir();
    let path = dir.path().join("log");
    append_line(&path, b"one").unwrap();
    append_line(&path, b"two").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"one\ntwo\n");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(drop_torn_line(&path, 1).unwrap().is_empty(), "a whole log longer than the cap");
    fs::write(&path, b"one\ntw").unwrap();
    assert!(matches!(append_line(&path, b"x"), Err(FileError::TornLine(_))));
    assert_eq!(drop_torn_line(&path, 99).unwrap(), b"tw");
    append_line(&path, b"three").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"one\nthree\n");
}
